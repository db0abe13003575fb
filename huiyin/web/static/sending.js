/* Files on a slow line: what has gone out so far, in words and as a bar; a broken line keeps everything chosen.
   For form[enctype="multipart/form-data"] with a [data-sending] inside; without this file the form is sent as any other. */
(function () {
  "use strict";
  var doc = document, LARGE = 300000; // octets; less than that is gone before anybody reads
  function size(form) {
    return Array.prototype.reduce.call(form.querySelectorAll('input[type="file"]'), function (sum, input) {
      return sum + Array.prototype.reduce.call(input.files || [], function (n, file) { return n + file.size; }, 0);
    }, 0);
  }
  function again(form) {
    form.removeAttribute("data-sent");
    Array.prototype.forEach.call(form.querySelectorAll(".is-busy"), function (b) {
      b.removeAttribute("aria-disabled"); b.classList.remove("is-busy");
      if (b.getAttribute("data-said")) b.textContent = b.getAttribute("data-said");
    });
  }
  doc.addEventListener("submit", function (e) {
    var form = e.target, box = form.querySelector("[data-sending]");
    if (e.defaultPrevented || !box || !window.FormData || size(form) < LARGE) return;
    e.preventDefault();
    var words = box.querySelector("[data-sending-words]"), bar = box.querySelector("progress"), failed = box.querySelector("[data-sending-failed]");
    var body = new FormData(form), request = new XMLHttpRequest(), told = -1;
    if (e.submitter && e.submitter.name) body.append(e.submitter.name, e.submitter.value);
    function say(n) {
      bar.value = n;
      if (n - told >= 10 || n === 100) { told = n; words.textContent = words.getAttribute("data-sending-words").replace("{n}", n); }
    }
    function broke() { bar.hidden = true; words.hidden = true; failed.hidden = false; again(form); failed.focus(); }
    Array.prototype.forEach.call(form.querySelectorAll("button[data-busy]"), function (b) { if (!b.getAttribute("data-said")) b.setAttribute("data-said", b.textContent); });
    box.hidden = false; bar.hidden = false; words.hidden = false; failed.hidden = true; say(0);
    request.open("POST", form.getAttribute("action") || window.location.href);
    request.upload.addEventListener("progress", function (p) { if (p.lengthComputable) say(Math.floor(100 * p.loaded / p.total)); });
    request.addEventListener("error", broke); request.addEventListener("abort", broke); request.addEventListener("timeout", broke);
    request.addEventListener("load", function () {
      var here = window.location.href.split("#")[0];
      if (request.responseURL && request.responseURL !== here && request.status < 400) { window.location.assign(request.responseURL); return; }
      doc.open(); doc.write(request.responseText); doc.close(); window.scrollTo(0, 0); // the form once more, or a page that says why not
    });
    request.send(body);
  });
})();
