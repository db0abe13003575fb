/* Huiyin: small comforts on top of pages that work without them. No library, no inline script. */
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  function all(selector, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(selector)); }
  function typing(el) { return el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)); }

  /* ---- drafts: form[data-draft="name"] is kept on this device for a week ---- */
  var WEEK = 7 * 24 * 3600 * 1000, PREFIX = "huiyin-draft:";
  var store = (function () { try { var s = window.localStorage; s.setItem("huiyin-try", "1"); s.removeItem("huiyin-try"); return s; } catch (e) { return null; } })();
  function keepable(el) { return el.name && el.name !== "csrfmiddlewaretoken" && !/^(password|file|hidden|submit|button)$/.test(el.type) && !el.hasAttribute("data-no-draft"); }
  function written(form) {
    var found = {};
    Array.prototype.forEach.call(form.elements, function (el) {
      if (!keepable(el)) return;
      if (el.type === "radio" || el.type === "checkbox") { if (el.checked) (found[el.name] = found[el.name] || []).push(el.value); }
      else if (el.value) found[el.name] = [el.value];
    });
    return found;
  }
  function restore(form, kept) {
    Array.prototype.forEach.call(form.elements, function (el) {
      if (!keepable(el) || !kept[el.name]) return;
      if (el.type === "radio" || el.type === "checkbox") el.checked = kept[el.name].indexOf(el.value) >= 0;
      else el.value = kept[el.name][0];
      el.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  function draft(form) {
    if (!store) return;
    var key = PREFIX + form.getAttribute("data-draft"), note = form.querySelector("[data-draft-note]"), timer, off = false;
    var saved = note && note.querySelector("[data-draft-saved]"), back = note && note.querySelector("[data-draft-restored]");
    function say(restored) { if (!note) return; note.hidden = false; saved.hidden = restored; back.hidden = !restored; }
    var kept = null;
    try { kept = JSON.parse(store.getItem(key)); } catch (e) { store.removeItem(key); }
    if (kept && Date.now() - kept.at > WEEK) { store.removeItem(key); kept = null; }
    if (kept && !form.querySelector('[aria-invalid="true"]')) { restore(form, kept.values); say(true); }
    form.addEventListener("input", function () {
      if (off) return;
      clearTimeout(timer);
      timer = setTimeout(function () {
        try { store.setItem(key, JSON.stringify({ at: Date.now(), values: written(form) })); say(false); } catch (e) { /* full: the page still works */ }
      }, 400);
    });
    all("[data-draft-clear]", form).forEach(function (b) {
      b.addEventListener("click", function () { off = true; clearTimeout(timer); store.removeItem(key); form.reset(); off = false; note.hidden = true; });
    });
  }
  /* a page that says "it arrived" carries data-draft-done="name" */
  if (store) all("[data-draft-done]").forEach(function (el) { store.removeItem(PREFIX + el.getAttribute("data-draft-done")); });

  /* whoever leaves a shared desk leaves no draft on it: form[data-forget] */
  if (store) doc.addEventListener("submit", function (e) {
    if (!e.target.hasAttribute("data-forget")) return;
    Object.keys(store).forEach(function (key) { if (key.indexOf(PREFIX) === 0) store.removeItem(key); });
  });

  /* ---- no double submission ---- */
  doc.addEventListener("submit", function (e) {
    var form = e.target;
    if (e.defaultPrevented || form.method === "dialog" || form.hasAttribute("data-look")) return;
    if (form.getAttribute("data-sent")) { e.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    setTimeout(function () {
      all('button[type="submit"], input[type="submit"]', form).forEach(function (b) {
        b.setAttribute("aria-disabled", "true"); b.classList.add("is-busy");
        if (b.getAttribute("data-busy")) b.textContent = b.getAttribute("data-busy");
      });
    }, 0);
  });
  function ready(form) {
    form.removeAttribute("data-sent");
    all(".is-busy", form).forEach(function (b) { b.removeAttribute("aria-disabled"); b.classList.remove("is-busy"); });
  }
  window.addEventListener("pageshow", function (e) { if (e.persisted) all("form[data-sent]").forEach(ready); });
  doc.addEventListener("htmx:afterRequest", function (e) { all("form[data-sent]").forEach(function (f) { if (f === e.target || f.contains(e.target)) ready(f); }); });

  /* ---- large type and colours without leaving the page, so that nothing typed is lost ---- */
  doc.addEventListener("submit", function (e) {
    var form = e.target, button = e.submitter;
    if (!form.hasAttribute("data-look") || !button || button.name === "language" || !window.fetch) return;
    e.preventDefault();
    var body = new URLSearchParams(); body.set(button.name, button.value);
    fetch(form.action, { method: "POST", body: body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (button.name === "size") {
      var large = button.value === "large";
      if (large) root.setAttribute("data-size", "large"); else root.removeAttribute("data-size");
      all('[data-look] [name="size"]').forEach(function (b) { b.value = large ? "normal" : "large"; b.setAttribute("aria-pressed", large ? "true" : "false"); });
    } else {
      if (button.value === "auto") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", button.value);
      all('[data-look] [name="theme"]').forEach(function (b) { if (b.value === button.value) b.setAttribute("aria-current", "true"); else b.removeAttribute("aria-current"); });
    }
  });

  /* ---- lists by keyboard: [data-row] with a [data-row-link]; [data-key="x"] is pressed or focused by x ---- */
  function rows() { return all("[data-row]").filter(function (r) { return r.offsetParent !== null; }); }
  function selected(list) { for (var i = 0; i < list.length; i++) if (list[i].classList.contains("is-selected")) return i; return -1; }
  function select(list, i) {
    list.forEach(function (r) { r.classList.remove("is-selected"); });
    var row = list[i], link = row.querySelector("[data-row-link]");
    row.classList.add("is-selected");
    if (link) link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  /* what is folded away in a <details> that can be seen answers to its key all the same */
  function within_reach(el) {
    var fold = el.tagName === "SUMMARY" ? null : el.closest("details:not([open])");
    return (fold || el).offsetParent !== null;
  }
  function keys() { var d = doc.getElementById("keys"); if (d && d.showModal && !d.open) d.showModal(); }
  doc.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.key === "Escape" && typing(e.target)) { e.target.blur(); return; }
    if (typing(e.target) || doc.querySelector("dialog[open]")) return;
    var list, i;
    if (e.key === "j" || e.key === "k") {
      list = rows(); if (!list.length) return;
      i = selected(list); i = e.key === "j" ? Math.min(i + 1, list.length - 1) : Math.max(i - 1, 0);
      select(list, i); e.preventDefault();
    } else if (e.key === "x" && selected(rows()) >= 0) {
      var box = rows()[selected(rows())].querySelector("[data-tick]");
      if (box) { box.click(); e.preventDefault(); }
    } else if (e.key === "/") {
      var field = doc.querySelector("[data-search]") || doc.querySelector('input[type="search"]');
      if (field) { field.focus(); if (field.select) field.select(); e.preventDefault(); }
    } else if (e.key === "?") { keys(); e.preventDefault(); }
    else if (e.key.length === 1 && /[a-z0-9[\]]/i.test(e.key)) {
      var hot = all("[data-key]").filter(function (el) { return el.getAttribute("data-key") === e.key && within_reach(el); })[0];
      if (!hot) return;
      e.preventDefault();
      if (typing(hot)) { hot.focus(); return; }
      hot.click();
      if (hot.tagName === "SUMMARY" && hot.parentNode.open) { var first = hot.parentNode.querySelector("a, button, select, textarea, input:not([type=hidden])"); if (first) first.focus(); }
    }
  });
  all("[data-open-keys]").forEach(function (b) { if (doc.getElementById("keys")) { b.hidden = false; b.addEventListener("click", keys); } });
  doc.addEventListener("click", function (e) {
    var busy = e.target.closest && e.target.closest('[aria-disabled="true"]');
    if (busy) { e.preventDefault(); return; }
    var row = e.target.closest && e.target.closest("tr[data-row]");
    if (!row || e.target.closest("a, button, input, label, select, textarea, summary") || String(window.getSelection())) return;
    var link = row.querySelector("[data-row-link]");
    if (link) link.click();
  });
  /* one menu open at a time; a click elsewhere or Escape closes it */
  doc.addEventListener("click", function (e) { all("details.menu[open]").forEach(function (m) { if (!m.contains(e.target)) m.open = false; }); });
  doc.addEventListener("keydown", function (e) { if (e.key === "Escape") all("details.menu[open]").forEach(function (m) { m.open = false; m.querySelector("summary").focus(); }); });

  /* ---- photos: small pictures of what will be sent, each can be taken out again ---- */
  function preview(input) {
    var box = input.parentNode.querySelector("[data-previews]"), limit = Number(input.getAttribute("data-max-octets")) || 0;
    if (!box || !window.DataTransfer) return;
    input.addEventListener("change", draw);
    if (window.matchMedia("(pointer: coarse)").matches && /image/.test(input.accept)) camera();
    /* on a phone: a button that opens the camera at once and adds the photo to those chosen already */
    function camera() {
      var lens = doc.createElement("input"), press = doc.createElement("button");
      lens.type = "file"; lens.accept = "image/*"; lens.setAttribute("capture", "environment"); lens.hidden = true;
      press.type = "button"; press.className = "button"; press.textContent = box.getAttribute("data-camera");
      press.addEventListener("click", function () { lens.click(); });
      lens.addEventListener("change", function () {
        var both = new DataTransfer();
        [input.files, lens.files].forEach(function (files) { Array.prototype.forEach.call(files, function (f) { both.items.add(f); }); });
        input.files = both.files; lens.value = ""; draw();
      });
      input.parentNode.insertBefore(press, input); input.parentNode.insertBefore(lens, input);
    }
    function draw() {
      all("img", box).forEach(function (img) { URL.revokeObjectURL(img.src); });
      box.textContent = ""; box.hidden = !input.files.length;
      Array.prototype.forEach.call(input.files, function (file, at) {
        var item = doc.createElement("div"), sheet, name = doc.createElement("span"), out = doc.createElement("button");
        item.className = "preview" + (limit && file.size > limit ? " preview--wrong" : "");
        if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) { sheet = doc.createElement("img"); sheet.alt = ""; sheet.src = URL.createObjectURL(file); }
        else { sheet = doc.createElement("span"); sheet.className = "preview__sheet"; sheet.textContent = (file.name.split(".").pop() || "").slice(0, 5).toUpperCase(); }
        name.textContent = file.name.slice(-18) + " · " + (file.size < 1e6 ? Math.max(1, Math.round(file.size / 1e3)) + " KB" : (file.size / 1e6).toFixed(1) + " MB") + (limit && file.size > limit ? " · " + box.getAttribute("data-too-big") : "");
        out.type = "button"; out.textContent = box.getAttribute("data-remove"); out.setAttribute("aria-label", box.getAttribute("data-remove") + " " + file.name);
        out.addEventListener("click", function () {
          var rest = new DataTransfer();
          Array.prototype.forEach.call(input.files, function (f, i) { if (i !== at) rest.items.add(f); });
          input.files = rest.files; draw(); input.focus();
        });
        item.appendChild(sheet); item.appendChild(name); item.appendChild(out); box.appendChild(item);
      });
    }
  }

  /* ---- letters left: textarea[data-most] with [data-count="id of the textarea"]; what is too long is kept and counted ---- */
  function counted(el) {
    var field = doc.getElementById(el.getAttribute("data-count")); if (!field) return;
    var most = Number(field.getAttribute("data-most"));
    function show() {
      var n = field.value.length;
      el.textContent = n + " / " + most; el.hidden = n < most * 0.8; el.classList.toggle("count--over", n > most);
    }
    field.addEventListener("input", show); show();
  }

  /* ---- a template goes into the text without a new page, so that what was typed stays ---- */
  function insert(link) {
    link.addEventListener("click", function (e) {
      var field = doc.getElementById(link.getAttribute("data-insert")), words = link.querySelector("[data-words]");
      if (!field || !words) return;
      e.preventDefault();
      field.value = field.value ? field.value + "\n\n" + words.textContent : words.textContent;
      field.dispatchEvent(new Event("input", { bubbles: true })); field.focus();
      var at = field.value.indexOf("＿＿"); if (at >= 0) field.setSelectionRange(at, at + 2);
    });
  }

  /* ---- how long a page has been open: [data-timer="seconds so far"], for whoever is on the telephone ---- */
  function timer(el) {
    var from = Date.now() - 1000 * (Number(el.getAttribute("data-timer")) || 0), face = el.querySelector("span:last-of-type");
    function show() { var s = Math.floor((Date.now() - from) / 1000); face.textContent = Math.floor(s / 60) + ":" + ("0" + s % 60).slice(-2); }
    el.hidden = false; show(); setInterval(show, 1000);
  }

  function begin(within) {
    all("[data-timer]", within).forEach(timer);
    all("[data-insert]", within).forEach(insert);
    all("form[data-draft]", within).forEach(draft);
    all('input[type="file"][data-preview]', within).forEach(preview);
    all("[data-count]", within).forEach(counted);
    all("[data-print]", within).forEach(function (b) { b.hidden = false; b.addEventListener("click", function () { window.print(); }); });
    all(".tabs [aria-current]", within).forEach(function (tab) { tab.parentNode.scrollLeft = tab.offsetLeft - 16; });
    var focus = (within || doc).querySelector("[data-focus]"); if (focus) focus.focus();
  }
  /* a matter opened beside its list: its row is the selected one, and the reader is led to it */
  function mark_open() {
    var list = rows().filter(function (r) { return r.closest("#list"); });
    list.forEach(function (r) {
      var link = r.querySelector("[data-row-link]"), open = link && link.pathname === location.pathname;
      r.classList.toggle("is-selected", !!open);
      if (link) { if (open) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); }
      if (open) r.scrollIntoView({ block: "nearest" });
    });
    var matter = doc.getElementById("matter");
    if (matter && (doc.activeElement === doc.body || !doc.activeElement)) matter.focus({ preventScroll: true });
    if (matter) window.scrollTo(0, 0);
  }
  doc.addEventListener("htmx:pushedIntoHistory", mark_open);

  begin(doc);
  doc.addEventListener("htmx:load", function (e) { if (e.detail && e.detail.elt && e.detail.elt !== doc.body) begin(e.detail.elt); });
})();
