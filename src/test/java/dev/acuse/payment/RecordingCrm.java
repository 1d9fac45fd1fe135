package dev.acuse.payment;

import dev.acuse.remote.RemoteException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A CRM that remembers what it was asked for, and can be made to fail or to take its time. */
final class RecordingCrm implements Crm {

  /** What happens within a call, before it is answered. */
  interface Call {
    void run() throws RemoteException;
  }

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> searches = new CopyOnWriteArrayList<>();
  private final Map<String, String> contacts = new ConcurrentHashMap<>();
  private volatile @Nullable Call during;

  /** From now on this happens within each call. */
  void during(Call call) {
    during = call;
  }

  /** From now on calls are answered as they should be. */
  void works() {
    during = null;
  }

  void knows(String email, String contactId) {
    contacts.put(email, contactId);
  }

  /** Each call as {@code contact:[tag, tag]}, the failed ones too. */
  List<String> calls() {
    return calls;
  }

  List<String> searches() {
    return searches;
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public List<String> addTags(String contactId, List<String> tags) throws RemoteException {
    calls.add(contactId + ":" + tags);
    Call now = during;
    if (now != null) {
      now.run();
    }
    return tags;
  }

  @Override
  public Optional<String> findContactByEmail(String email) {
    searches.add(email);
    return Optional.ofNullable(contacts.get(email));
  }
}
