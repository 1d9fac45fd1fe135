// Keeps a page of the console up to date and answers the keyboard. Pages are whole without it:
// everything is a link or a form. Nothing here makes HTML of text; a fresh page comes from the
// server, which escapes.
"use strict";
(() => {
  const body = document.body;
  const lang = document.documentElement.lang;
  const skew = Number(body.dataset.now) - Date.now();
  const $ = (selector) => document.querySelector(selector);

  // --- times -----------------------------------------------------------------------------------
  const exact = new Intl.DateTimeFormat(lang, { dateStyle: "short", timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

  function span(seconds) {
    const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) || units[3];
    return relative.format(Math.trunc(seconds / size), unit);
  }

  function tellTimes() {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(time.dateTime);
      const left = (at - Date.now() - skew) / 1000;
      // What should have happened by now is due now: nobody waits for less than nothing.
      const text = "relative" in time.dataset
        ? span(time.dataset.relative === "until" ? Math.max(0, left) : Math.min(0, left))
        : exact.format(at);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  // --- live ------------------------------------------------------------------------------------
  const liveButton = $("#live");
  let paused = false;
  let stale = false;
  let loading = false;
  let lastLoad = 0;
  let timer = 0;

  // A page whose form is under way asks for nothing more: "Log out" ends the session before the
  // next page is here, and each request in between would be refused.
  const leaving = new AbortController();
  window.addEventListener("submit", (event) => event.defaultPrevented || leaving.abort());

  const checked = () => document.querySelectorAll("tbody [name=id]:checked");
  const isTyping = () => /^(INPUT|SELECT|TEXTAREA)$/.test((document.activeElement || body).tagName)
    && document.activeElement.type !== "checkbox";
  const isBusy = () => paused || leaving.signal.aborted || document.hidden || checked().length > 0
    || $("details.action[open]") !== null;

  // Many changes are one load, and a load at most once a second.
  // A page with nothing live on it may be the answer to a form, which cannot be asked for again.
  function changed() {
    if (!$("[data-live], [data-rows]")) return;
    stale = true;
    if (timer || loading || isBusy()) return;
    timer = setTimeout(load, Math.max(0, lastLoad + 1000 - Date.now()));
  }

  async function load() {
    timer = 0;
    if (isBusy()) return;
    loading = true;
    stale = false;
    lastLoad = Date.now();
    try {
      const answer = await fetch(location.href, {
        headers: { Accept: "text/html" }, signal: leaving.signal,
      });
      if (answer.status === 401) location.reload();
      const text = await answer.text();
      // Asked when all of it is here: a form may have been opened, or a row ticked, meanwhile.
      if (answer.ok && !isBusy()) {
        renew(new DOMParser().parseFromString(text, "text/html"));
      } else {
        stale = true;
      }
    } catch (e) {
      stale = true;
    } finally {
      loading = false;
      if (stale) setTimeout(() => stale && changed(), 1000);
    }
  }

  function renew(fresh) {
    for (const part of document.querySelectorAll("[data-live][id]")) {
      swap(part, fresh.getElementById(part.id));
    }
    renewRows($("[data-rows]"), fresh.querySelector("[data-rows]"));
    tellTimes();
  }

  function swap(part, wanted) {
    if (!wanted || part.outerHTML === wanted.outerHTML) return;
    const focus = part.contains(document.activeElement) ? document.activeElement : null;
    const place = focus && [...part.querySelectorAll("a, button, summary")].indexOf(focus);
    const next = document.importNode(wanted, true);
    const folds = next.querySelectorAll("details");
    part.querySelectorAll("details").forEach((fold, i) => {
      if (folds[i]) folds[i].open = fold.open;
    });
    part.replaceWith(next);
    if (focus && place >= 0) next.querySelectorAll("a, button, summary")[place]?.focus();
    ready(next);
  }

  // Rows stay where they are under the mouse; those that are new wait behind a link.
  function renewRows(rows, fresh) {
    if (!rows || !fresh) return;
    let arrived = 0;
    for (const row of fresh.rows) {
      const old = row.id && document.getElementById(row.id);
      if (old) swap(old, row);
      else if (!rows.rows.length || Number(row.id.slice(1)) > Number(rows.rows[0].id.slice(1))) arrived++;
    }
    const pill = $("#pill");
    if (pill && arrived > 0) {
      const text = arrived === 1 ? body.dataset.newOne : body.dataset.newMany.replace("{0}", arrived);
      pill.firstElementChild.textContent = text;
      pill.hidden = false;
    }
  }

  function say(text, on) {
    liveButton.textContent = text;
    liveButton.setAttribute("aria-pressed", String(on));
  }

  // EventSource comes back by itself after a broken connection, but not after a refusal.
  function connect() {
    if (leaving.signal.aborted) return;
    const source = new EventSource(body.dataset.stream);
    source.onopen = () => {
      say(paused ? body.dataset.liveOff : body.dataset.liveOn, !paused);
      // Something may have changed after the page was made and before anybody listened.
      changed();
    };
    source.addEventListener("change", changed);
    source.onerror = () => {
      say(body.dataset.liveLost, false);
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => { changed(); connect(); }, 5000);
      }
    };
    leaving.signal.addEventListener("abort", () => source.close(), { once: true });
    window.addEventListener("pagehide", () => source.close(), { once: true });
  }

  if (liveButton && body.dataset.stream) {
    liveButton.hidden = false;
    liveButton.addEventListener("click", () => {
      paused = !paused;
      say(paused ? body.dataset.liveOff : body.dataset.liveOn, !paused);
      if (!paused && stale) changed();
    });
    connect();
    document.addEventListener("visibilitychange", () => !document.hidden && stale && changed());
    document.addEventListener("toggle", () => stale && changed(), true);
  }

  // --- selection -------------------------------------------------------------------------------
  let last = null;
  function tellSelected() {
    const out = $("#selected");
    if (!out) return;
    const count = checked().length;
    out.textContent = count ? `(${count})` : "";
    $("#retry-selected").disabled = count === 0;
    if (count === 0 && stale) changed();
  }
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.name === "id") {
      const boxes = [...document.querySelectorAll("tbody [name=id]")];
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
      }
      last = box;
      tellSelected();
    } else if (box.id === "select-all") {
      document.querySelectorAll("tbody [name=id]").forEach((other) => { other.checked = box.checked; });
      tellSelected();
    } else if (box.dataset && "copy" in box.dataset) {
      copy(box);
    }
  });

  // navigator.clipboard is missing over plain HTTP.
  function copy(button) {
    const field = document.createElement("textarea");
    field.value = button.dataset.copy;
    button.after(field);
    field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value);
    else document.execCommand("copy");
    field.remove();
    const before = button.textContent;
    button.textContent = body.dataset.copied;
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  // --- keyboard --------------------------------------------------------------------------------
  function step(by) {
    const links = [...document.querySelectorAll("main a.open")];
    if (!links.length) return;
    const at = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
    links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => $("#search")?.focus(),
    t: () => $("#theme").click(),
    x: () => document.activeElement.closest("tr")?.querySelector("[name=id]")?.click(),
    r: () => {
      const retry = $("details#retry");
      if (retry) {
        retry.open = true;
        retry.querySelector("[name=reason]").focus();
      } else if (checked().length) {
        $("#retry-selected").click();
      } else {
        const link = document.activeElement.closest("tr")?.querySelector("a.open");
        if (link) location.href = link.href + "#retry";
      }
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  function ready(root) {
    root.querySelectorAll("button.copy").forEach((button) => { button.hidden = false; });
  }
  if (location.hash === "#retry") keys.r();
  ready(document);
  tellSelected();
  tellTimes();
  setInterval(tellTimes, 1000);
})();
