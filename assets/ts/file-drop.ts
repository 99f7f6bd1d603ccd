// <file-drop> lets one drop files onto the field it holds. Without it the field is a plain file field.
class FileDrop extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!field) return;
    const over = (on: boolean) => this.classList.toggle("over", on);
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    this.addEventListener("dragleave", () => over(false));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      if (event.dataTransfer?.files.length) {
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
}
customElements.define("file-drop", FileDrop);
