// Live constraints: a form marked data-live fetches its own address and exchanges the results in place.
// Without this script the form's button does the same.
"use strict";
(() => {
  const form = document.querySelector("form[data-live]");
  const target = form && document.getElementById(form.dataset.live);
  if (!target) return;
  form.querySelector("button").hidden = true;
  let running = null;
  form.addEventListener("change", async () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.getAttribute("action")}?${new URLSearchParams(filled)}`;
    if (running) running.abort();
    running = new AbortController();
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById(form.dataset.live) || page.getElementById("main");
      target.replaceChildren(...[...found.childNodes].map((node) => document.adoptNode(node)));
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
      return;
    }
    target.removeAttribute("aria-busy");
  });
})();
