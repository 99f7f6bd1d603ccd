// <search-suggest src> offers words under the search field it holds while one types (a combobox). Without it: a plain field.
class SearchSuggest extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector<HTMLInputElement>("input"), box = this.querySelector<HTMLElement>(".suggest");
    if (!field || !box) return;
    let timer = 0, asked = "", at = -1;
    const options = () => [...box.querySelectorAll<HTMLElement>("[role=option]")];
    const mark = (next: number) => {
      const all = options();
      at = next < -1 ? all.length - 1 : next >= all.length ? -1 : next;
      all.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
      field.setAttribute("aria-activedescendant", all[at]?.id ?? "");
      all[at]?.scrollIntoView({ block: "nearest" });
    };
    const show = (on: boolean) => {
      box.hidden = !on;
      field.setAttribute("aria-expanded", String(on));
      mark(-1);
    };
    const take = (o: HTMLElement) => {
      show(false);
      if (o.dataset.href) return location.assign(o.dataset.href);
      field.value = o.dataset.text ?? "";
      field.form?.requestSubmit();
    };
    const ask = async () => {
      const text = (asked = field.value.trim());
      const answer = text ? await fetch(this.getAttribute("src") + "?q=" + encodeURIComponent(text)).catch(() => null) : null;
      if (asked !== text || document.activeElement !== field) return;
      box.innerHTML = answer?.ok ? await answer.text() : "";
      show(options().length > 0);
    };
    const soon = () => (clearTimeout(timer), (timer = window.setTimeout(ask, 150)));
    for (const [name, value] of Object.entries({ role: "combobox", expanded: "false", controls: "suggestions", autocomplete: "list" })) field.setAttribute(name === "role" ? name : "aria-" + name, value);
    field.addEventListener("input", (event) => (event as InputEvent).isComposing || soon());
    field.addEventListener("compositionend", soon);
    field.addEventListener("blur", () => show(false));
    field.form?.addEventListener("submit", () => (clearTimeout(timer), (asked = ""), show(false)));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || box.hidden || !["ArrowDown", "ArrowUp", "Escape", "Enter"].includes(event.key) || (event.key === "Enter" && at < 0)) return;
      event.preventDefault();
      if (event.key === "Escape") show(false);
      else if (event.key === "Enter") take(options()[at]);
      else mark(event.key === "ArrowDown" ? at + 1 : at - 1);
    });
    box.addEventListener("mousedown", (event) => (event.preventDefault(), ((o) => o && take(o))((event.target as Element).closest<HTMLElement>("[role=option]"))));
  }
}
customElements.define("search-suggest", SearchSuggest);
