// <pick-bar> stands below a table whose rows have boxes: it ticks the whole page, counts what is chosen, and when all
// pages are meant shows the rows as chosen too. Without it the boxes and buttons work the same.
class PickBar extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form"), page = this.querySelector<HTMLElement>("[data-page]"), said = this.querySelector("output");
    const mine = page?.querySelector("input"), all = this.querySelector<HTMLInputElement>("[name=all]");
    if (!form || !page || !mine || !said) return;
    page.hidden = false;
    const boxes = () => [...form.querySelectorAll<HTMLInputElement>(".pick input")];
    const count = () => {
      const list = boxes(), n = list.filter((box) => box.checked).length;
      mine.checked = n === list.length;
      mine.indeterminate = n > 0 && n < list.length;
      const total = all?.checked ? this.dataset.total : String(n);
      said.textContent = n || all?.checked ? (this.dataset.chosen ?? "").replace("{0}", total ?? "") : "";
    };
    form.addEventListener("change", (event) => {
      const box = event.target;
      if (box === mine || box === all) for (const one of boxes()) one.checked = (box as HTMLInputElement).checked;
      if (all && box !== all && !boxes().every((one) => one.checked)) all.checked = false;
      count();
    });
    addEventListener("pageshow", count); // the browser restores the ticks when one comes back
    count();
  }
}
customElements.define("pick-bar", PickBar);
