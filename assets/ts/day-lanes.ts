// <day-lanes> is a day of several instruments side by side. Dragging over free time fills in the form that takes an
// instrument out of service; dragging an event that may be moved opens the form that moves it, at the new time. Both forms
// work without it, by keyboard and on phones.
type Drag = { lane: HTMLElement; event: HTMLElement | null; ghost: HTMLElement; first: number; grip: number; from: number; to: number; moved: boolean };

class DayLanes extends HTMLElement {
  drag: Drag | null = null;

  connectedCallback() {
    this.classList.add("live");
    this.addEventListener("pointerdown", (event) => this.begin(event));
    this.addEventListener("pointermove", (event) => this.follow(event));
    this.addEventListener("pointerup", () => this.end());
    this.addEventListener("pointercancel", () => this.drop());
    this.addEventListener("dragstart", (event) => event.preventDefault()); // links have a drag of their own
    this.addEventListener("click", (event) => {
      if (!this.hasAttribute("data-dragged")) return;
      event.preventDefault(); // the end of a drag is no click
      this.removeAttribute("data-dragged");
    }, true);
    addEventListener("keydown", (event) => event.key === "Escape" && this.drop());
  }

  get hours() {
    return [Number(this.dataset.from), Number(this.dataset.to)];
  }

  // cell is the half hour of the lane under a point, from 0.
  cell(lane: HTMLElement, x: number) {
    const box = lane.getBoundingClientRect(), [from, to] = this.hours, cells = (to - from) * 2;
    return Math.max(0, Math.min(cells - 1, Math.floor(((x - box.left) / box.width) * cells)));
  }

  begin(event: PointerEvent) {
    const target = event.target as HTMLElement, lane = target.closest<HTMLElement>(".lane"), one = target.closest<HTMLElement>(".event");
    if (!lane || event.button !== 0 || event.pointerType === "touch" || getComputedStyle(lane).display !== "grid") return;
    if (one && !one.dataset.move) return;
    const first = this.cell(lane, event.clientX), start = one ? (Number(one.dataset.from) - this.hours[0] * 60) / 30 : first;
    const length = one ? (Number(one.dataset.to) - Number(one.dataset.from)) / 30 : 1;
    this.removeAttribute("data-dragged");
    this.drag = { lane, event: one, ghost: document.createElement("li"), first, grip: first - start, from: start, to: start + length, moved: false };
    this.setPointerCapture(event.pointerId);
  }

  follow(event: PointerEvent) {
    const d = this.drag;
    if (!d) return;
    const at = this.cell(d.lane, event.clientX), [from, to] = this.hours;
    if (!d.moved && at === d.first) return;
    d.moved = true;
    if (d.event) {
      const length = d.to - d.from;
      d.from = Math.max(0, Math.min((to - from) * 2 - length, at - d.grip));
      d.to = d.from + length;
    } else {
      [d.from, d.to] = [Math.min(d.first, at), Math.max(d.first, at) + 1];
    }
    d.ghost.className = `event ghost g${Math.floor(d.from) + 1} w${Math.max(1, Math.ceil(d.to - d.from))}`;
    d.ghost.textContent = `${this.clock(d.from)}–${this.clock(d.to)}`;
    d.lane.append(d.ghost);
  }

  clock(cell: number) {
    const minutes = this.hours[0] * 60 + cell * 30;
    return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  }

  end() {
    const d = this.drag;
    this.drop();
    if (!d?.moved) return;
    this.setAttribute("data-dragged", "");
    const from = `${this.dataset.day}T${this.clock(d.from)}`, to = `${this.dataset.day}T${this.clock(d.to)}`;
    if (d.event) {
      const there = new URL(d.event.dataset.move ?? "", location.href);
      there.searchParams.set("start", from);
      there.searchParams.set("end", to);
      location.assign(there);
      return;
    }
    const form = document.getElementById(this.dataset.form ?? "") as HTMLFormElement | null;
    if (!form) return;
    for (const [name, value] of Object.entries({ resource: d.lane.dataset.key ?? "", from, to })) {
      const field = form.elements.namedItem(name) as HTMLInputElement | null;
      if (field) field.value = value;
    }
    form.scrollIntoView({ block: "center" });
    (form.elements.namedItem("from") as HTMLInputElement | null)?.focus();
  }

  drop() {
    this.drag?.ghost.remove();
    this.drag = null;
  }
}
customElements.define("day-lanes", DayLanes);
