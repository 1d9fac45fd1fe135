package dev.acuse.doctor;

import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.TaskStatus;

/** {@code doctor}: looks at all there is to look at, and changes nothing. */
public final class DoctorTask extends OperatorTask {
  /** By which a command asks for it. */
  public static final String NAME = "doctor";

  /** For an answer in JSON. */
  public static final String JSON = "json";

  private final Doctor doctor;
  private final String version;

  /**
   * @param version of Acuse
   */
  public DoctorTask(Doctor doctor, String version, TaskStatus status) {
    super(NAME, status, JSON);
    this.doctor = doctor;
    this.version = version;
  }

  @Override
  public String perform(Parameters parameters) {
    boolean asJson = parameters.get(JSON).flag();
    var report = new Report(version, true, doctor.look());
    return asJson ? report.json() : String.join("\n", report.lines());
  }

  /** The last line counts them; all of them would fill the log. */
  @Override
  protected String logged(String done) {
    return "looked";
  }
}
