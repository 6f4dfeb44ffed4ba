// Small helps at the keyboard; every page works without them.
(function () {
  "use strict";

  function typing(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  // n: log a call. Ctrl+Enter: save the form that says so.
  document.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest("form") || document.querySelector("form[data-ctrl-enter]");
      const button = form && form.hasAttribute("data-ctrl-enter") && form.querySelector("[data-save]");
      if (button) { event.preventDefault(); form.requestSubmit(button); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const link = document.querySelector('a[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
    if (link) { event.preventDefault(); link.click(); }
  });

  // A button that was pressed rests until the answer comes: one press, one act.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.hasAttribute("hx-post") || form.method !== "post") return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    if (event.submitter) event.submitter.classList.add("is-sending");
  });
  window.addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
    for (const button of document.querySelectorAll(".is-sending")) button.classList.remove("is-sending");
  });

  // A proposed value is taken over by a press, without leaving the page.
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-adopt]");
    if (!button) return;
    const field = document.getElementById(button.dataset.adopt);
    if (!field) return;
    event.preventDefault();
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });

  // "Now", on a clock of the city's own.
  for (const button of document.querySelectorAll("[data-now]")) button.hidden = false;
  document.addEventListener("htmx:afterSwap", function () {
    for (const button of document.querySelectorAll("[data-now]")) button.hidden = false;
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-now]");
    if (!button) return;
    const field = document.getElementById(button.dataset.now);
    field.value = new Date().toLocaleString("sv-SE", { timeZone: button.dataset.zone }).slice(0, 16).replace(" ", "T");
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // The words of a place tick the counties that they name, until a hand has ticked one.
  document.addEventListener("input", function (event) {
    const form = event.target.form;
    const counties = form && event.target.name === "place" && form.querySelector("[data-counties]");
    if (!counties || counties.dataset.touched) return;
    for (const label of counties.querySelectorAll("[data-named]")) {
      label.querySelector("input").checked = label.dataset.named.split(" ").some((name) => event.target.value.includes(name));
    }
  });
  document.addEventListener("change", function (event) {
    const counties = event.target.closest && event.target.closest("[data-counties]");
    if (counties && event.isTrusted) counties.dataset.touched = "1";
  });

  // "Outside the city" and the counties exclude each other.
  document.addEventListener("change", function (event) {
    const box = event.target;
    if (!box.matches || !box.matches("[data-counties] input[type=checkbox]") || !box.checked) return;
    const outside = box.hasAttribute("data-outside");
    for (const other of box.closest("[data-counties]").querySelectorAll("input[type=checkbox]")) {
      if (other !== box && (outside || other.hasAttribute("data-outside"))) other.checked = false;
    }
  }, true);

  // The running clocks.
  function tick() {
    const now = Date.now() / 1000;
    for (const clock of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((now - Number(clock.dataset.since)) / 60));
      const text = Math.floor(minutes / 60) + ":" + String(minutes % 60).padStart(2, "0");
      if (clock.textContent !== text) clock.textContent = text;
    }
  }
  setInterval(tick, 15000);

  // After a refusal the eye and the screen reader start there.
  const refusal = document.querySelector(".refusal");
  if (refusal) refusal.focus({ preventScroll: false });
})();
