/* One question a screen on a phone: form[data-steps] with sections [data-step="title"]. Without this file, or on a
   wide screen, it is one page. [data-when="field"][data-is="values"] is shown only for these values of a choice. */
(function () {
  "use strict";
  var doc = document;
  function all(selector, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(selector)); }

  /* ---- parts of a form that only some answers need ---- */
  all("[data-when]").forEach(function (box) {
    var form = box.closest("form"), name = box.getAttribute("data-when"), wanted = box.getAttribute("data-is").split(" ");
    function show() {
      var chosen = form.querySelector('[name="' + name + '"]:checked');
      box.hidden = wanted.indexOf(chosen ? chosen.value : "") < 0;
    }
    form.addEventListener("input", show); form.addEventListener("change", show); form.addEventListener("reset", function () { setTimeout(show, 0); });
    setTimeout(show, 0);
  });

  /* ---- what others have said already: asked when the matter is told, and shown before it is sent ---- */
  all("[data-scriptless]").forEach(function (button) { button.hidden = true; });
  all("[data-similar]").forEach(function (box) {
    var form = box.closest("form"), fields = form.elements, asked = box.textContent.trim() ? null : "", timer;
    function ask() {
      var nature = form.querySelector('[name="nature"]:checked'), text = fields.text.value.trim();
      var body = new URLSearchParams({ text: text.slice(0, 2000), region: fields.region.value, nature: nature ? nature.value : "" });
      var now = body.toString();
      if (now === asked || asked === null) { asked = asked === null ? now : asked; return; }
      asked = now;
      if (text.length < 4 || (nature && nature.value === "report")) { box.textContent = ""; return; }
      body.append("csrfmiddlewaretoken", fields.csrfmiddlewaretoken.value);
      fetch(box.getAttribute("data-similar"), { method: "POST", body: body, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (piece) { if (asked === now) box.innerHTML = piece; })
        .catch(function () { /* it is only a help */ });
    }
    function soon() { clearTimeout(timer); timer = setTimeout(ask, 300); }
    if (!window.fetch || !window.URLSearchParams) return;
    form.addEventListener("change", soon); soon();
  });

  all("form[data-steps]").forEach(function (form) {
    var steps = all("[data-step]", form), bar = form.querySelector("[data-steps-bar]"), words = form.querySelector("[data-steps-words]");
    var dots = all(".steps__dots li", form), back = form.querySelector("[data-steps-back]"), next = form.querySelector("[data-steps-next]"), send = form.querySelector("[data-steps-send]");
    var narrow = window.matchMedia("(max-width: 767px)"), now = 0, key = form.elements.key;

    /* The form's own key belongs to its place in the browser's history: coming back to it and sending again is the
       same form, so it stays one case. */
    function place(step) { return { step: step, key: key ? key.value : "" }; }
    var came = window.history.state || {};
    if (key && came.key) key.value = came.key; else window.history.replaceState(place(came.step || 0), "");

    function first() {
      for (var i = 0; i < steps.length; i++) if (steps[i].querySelector(".field--wrong")) return i;
      var kept = window.history.state && window.history.state.step;
      return kept > 0 && kept < steps.length ? kept : 0;
    }
    function draw() {
      var one = narrow.matches, last = now === steps.length - 1;
      steps.forEach(function (step, i) { step.hidden = one && i !== now; });
      bar.hidden = !one; back.hidden = !one || now === 0; next.hidden = !one || last; send.hidden = one && !last;
      words.textContent = bar.getAttribute("data-words").replace("{n}", now + 1).replace("{of}", steps.length) + " · " + steps[now].getAttribute("data-step");
      dots.forEach(function (dot, i) { dot.className = i < now ? "is-past" : i === now ? "is-now" : ""; });
    }
    function go(to) {
      now = to; draw();
      window.scrollTo(0, Math.max(0, form.getBoundingClientRect().top + window.pageYOffset - 16));
      var field = steps[now].querySelector("input:not([type=hidden]), textarea, select");
      if (field) field.focus({ preventScroll: true });
    }
    function forward() {
      var missing = all("[data-needed]", steps[now]).filter(function (el) { return !el.value.trim(); })[0];
      if (missing) { say(missing); return; }
      window.history.pushState(place(now + 1), ""); go(now + 1);
    }
    function say(field) {
      var id = field.id + "_needed", told = doc.getElementById(id);
      if (!told) {
        told = doc.createElement("p"); told.id = id; told.className = "field__error"; told.setAttribute("role", "alert");
        field.parentNode.insertBefore(told, field);
        field.addEventListener("input", function () { told.textContent = ""; });
      }
      told.textContent = field.getAttribute("data-needed");
      field.focus();
    }
    next.addEventListener("click", forward);
    back.addEventListener("click", function () { if (window.history.state && window.history.state.step) window.history.back(); else go(now - 1); });
    window.addEventListener("popstate", function (e) { go((e.state && e.state.step) || 0); });
    form.addEventListener("keydown", function (e) {
      if (e.key === "Enter" && narrow.matches && now < steps.length - 1 && e.target.tagName === "INPUT") { e.preventDefault(); forward(); }
    });
    all('.errors a[href^="#"]').forEach(function (link) {
      link.addEventListener("click", function () {
        var field = doc.querySelector(link.getAttribute("href")), step = field && field.closest("[data-step]");
        if (step && steps.indexOf(step) >= 0) { now = steps.indexOf(step); draw(); }
      });
    });
    if (narrow.addEventListener) narrow.addEventListener("change", draw);
    now = first(); draw();
  });
})();
