// <search-suggest src> offers words under the search field it holds while one types (a combobox). Without it: a plain field.
class SearchSuggest extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector<HTMLInputElement>("input");
    const box = this.querySelector<HTMLElement>(".suggest");
    if (!field || !box) return;
    let timer = 0, asked = "", at = -1;
    const options = () => [...box.querySelectorAll<HTMLElement>("[role=option]")];
    const mark = (next: number) => {
      const all = options();
      at = all.length ? (next + all.length + 1) % (all.length + 1) : -1;
      if (at === all.length) at = -1;
      all.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
      if (at < 0) field.removeAttribute("aria-activedescendant");
      else field.setAttribute("aria-activedescendant", all[at].id);
      all[at]?.scrollIntoView({ block: "nearest" });
    };
    const show = (on: boolean) => {
      box.hidden = !on;
      field.setAttribute("aria-expanded", String(on));
      if (!on) mark(-1);
    };
    const take = (o: HTMLElement) => {
      show(false);
      if (o.dataset.href) return location.assign(o.dataset.href);
      field.value = o.dataset.text ?? "";
      field.form?.requestSubmit();
    };
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list" })) field.setAttribute(name, value);
    const ask = async () => {
      const text = (asked = field.value.trim());
      if (!text) return show(false);
      const answer = await fetch(this.getAttribute("src") + "?q=" + encodeURIComponent(text)).catch(() => null);
      if (!answer?.ok || asked !== text || document.activeElement !== field) return;
      box.innerHTML = await answer.text();
      show(options().length > 0);
    };
    field.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (!(event as InputEvent).isComposing) timer = window.setTimeout(ask, 150);
    });
    field.addEventListener("compositionend", () => (timer = window.setTimeout(ask, 150)));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || box.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.key === "ArrowDown" ? at + 1 : at - 1);
      else if (event.key === "Escape") show(false);
      else if (event.key === "Enter" && at >= 0) take(options()[at]);
      else return;
      event.preventDefault();
    });
    field.addEventListener("blur", () => show(false));
    field.form?.addEventListener("submit", () => { clearTimeout(timer); asked = ""; show(false); });
    box.addEventListener("mousedown", (event) => { // before the field loses the focus
      event.preventDefault();
      const o = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (o) take(o);
    });
  }
}
customElements.define("search-suggest", SearchSuggest);
