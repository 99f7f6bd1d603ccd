// The public pages: htmx, and small comforts. Every page works without this file.
import "htmx.org";
import "./file-drop";
import "./pick-bar";
import "./search-suggest";

document.documentElement.classList.add("js");

const closeMenus = (except?: Element | null) =>
  document.querySelectorAll<HTMLDetailsElement>("details.burger[open], details.who[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });

addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !target.closest("input, textarea, select, [contenteditable]")) {
    const box = document.querySelector<HTMLInputElement>("[role=search] input[type=search]");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  }
  if (event.key === "Escape") {
    const open = document.querySelector<HTMLDetailsElement>("details.burger[open], details.who[open]");
    if (open?.contains(document.activeElement)) open.querySelector("summary")?.focus();
    closeMenus();
  }
});
addEventListener("click", (event) => closeMenus((event.target as Element).closest("details")));

// A form that is on its way cannot be sent again; the server would not do it twice either.
addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}));

// The summary of mistakes names each field as its label does.
document.querySelectorAll<HTMLAnchorElement>(".summary a[href^='#f-']").forEach((link) => {
  const field = document.getElementById(link.hash.slice(1));
  const label = field?.closest(".field")?.querySelector("label, legend")?.firstChild?.textContent?.trim();
  if (label) link.prepend(label + (document.documentElement.lang === "en" ? ": " : "："));
});

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {}); // without it only the offline page is missing
