// <live-watch> shows the picture of a session, <live-camera> sends it. Watching asks for no device; speaking, where the
// laboratory permits it, asks for the microphone only after a click. Both keep the notes and the people on the page fresh.
const refreshEvery = 2000;
const retryAfter = 1500;
const stretch = 120_000; // of a recording: a lost page loses no more than the last

class Refused extends Error {
  constructor(readonly status: number, detail: string) {
    super(detail);
  }
}

const every = <T extends Element>(root: ParentNode, selector: string) => [...root.querySelectorAll<T>(selector)];
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Sends an offer and takes the answer. The server has one address and waits for us there, so no candidates are gathered first. */
async function negotiate(pc: RTCPeerConnection, url: string): Promise<string> {
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: pc.localDescription!.sdp });
  if (!answer.ok) throw new Refused(answer.status, ((await answer.json().catch(() => ({}))) as { detail?: string }).detail ?? "");
  await pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  return answer.headers.get("Location") ?? "";
}

const hangUp = (location: string) => location && fetch(location, { method: "DELETE", keepalive: true }).catch(() => {});

/** What both have: the room's address, what to say, the buttons, and what changes on the page meanwhile. */
abstract class Live extends HTMLElement {
  protected video = this.querySelector("video")!;
  protected voice = this.querySelector("audio")!;
  protected pc?: RTCPeerConnection;
  protected here = "";
  protected over = false;
  private shown = "";
  private timer = 0;

  connectedCallback() {
    if (!window.RTCPeerConnection) return this.say("old");
    every<HTMLElement>(this, "[data-do]").forEach((button) => button.addEventListener("click", () => this.act(button)));
    addEventListener("pagehide", () => hangUp(this.here));
    document.addEventListener("submit", (event) => this.submit(event), { capture: true });
    this.classList.add("on");
    this.timer = window.setInterval(() => this.refresh(), refreshEvery);
    void this.begin();
  }

  protected abstract begin(): Promise<void>;
  protected abstract act(button: HTMLElement): void;

  protected room = () => this.dataset.room!;

  /** Says one of the sentences the server wrote in our attributes, or what it answered. */
  protected say(what: string, detail = "") {
    this.dataset.state = what;
    this.querySelector("[role=status]")!.textContent = detail || this.getAttribute("say-" + what) || "";
  }

  protected button(name: string) {
    return this.querySelector<HTMLButtonElement>(`[data-do=${name}]`);
  }

  /** Brings notes and people up to date; when the session is over the page is loaded anew and says so. */
  protected async refresh() {
    const answer = await fetch(this.room() + "/now").catch(() => undefined);
    if (!answer) return;
    if (answer.status === 403 || answer.status === 401 || answer.redirected) return this.end("refused");
    if (!answer.ok) return;
    const text = await answer.text();
    if (text === this.shown) return;
    this.shown = text;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const state = fresh.querySelector<HTMLElement>("#room-state")?.dataset;
    if (state?.state && state.state !== "open") return this.end("over");
    for (const part of every(fresh, "[data-part]")) {
      const old = document.getElementById(part.id);
      if (old && !old.contains(document.activeElement)) old.replaceChildren(...part.childNodes);
    }
    this.standing(state);
  }

  protected standing(_: DOMStringMap | undefined) {}

  protected end(what: string) {
    this.over = true;
    clearInterval(this.timer);
    this.close();
    this.say(what);
    if (what === "over") void this.settled().then(() => location.assign(this.room()));
  }

  /** What has to be sent before the page may go. */
  protected settled(): Promise<unknown> {
    return Promise.resolve();
  }

  protected close() {
    this.pc?.close();
    this.pc = undefined;
    this.video.srcObject = null;
    this.classList.remove("live");
  }

  /** Forms of the room are sent without leaving the page, which would cut the picture. What goes wrong is sent the plain way. */
  private submit(event: SubmitEvent) {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-stay] form")) return;
    event.preventDefault();
    event.stopPropagation();
    const data = new FormData(form, event.submitter);
    data.delete("request");
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data as unknown as Record<string, string>);
    void fetch(form.action, { method: "POST", body, redirect: "manual" }).then((answer) => {
      if (answer.type !== "opaqueredirect") return form.submit();
      form.reset();
      (document.activeElement as HTMLElement | null)?.blur();
      return this.refresh();
    });
  }

  protected async shot() {
    const canvas = document.createElement("canvas");
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext("2d")!.drawImage(this.video, 0, 0);
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.88));
    if (!picture) return this.say("unsaved");
    const data = new FormData();
    const text = document.querySelector<HTMLTextAreaElement>("#note-form textarea");
    data.set("text", text?.value ?? "");
    data.set("picture", picture, "snapshot.jpg");
    const answer = await fetch(this.room() + "/notes", { method: "POST", body: data, redirect: "manual" });
    if (answer.type !== "opaqueredirect") return this.say("unsaved");
    if (text) text.value = "";
    this.say("saved");
    await this.refresh();
  }
}

class LiveWatch extends Live {
  private mouth?: RTCPeerConnection;
  private mouthHere = "";
  private microphone?: MediaStream;

  protected async begin() {
    while (!this.over && this.isConnected) {
      try {
        await this.watch();
      } catch (error) {
        if (error instanceof Refused && error.status < 500 && error.status !== 429) return this.end(error.status === 409 ? "over" : "refused");
        this.say(error instanceof Refused ? "full" : "lost", error instanceof Refused ? error.message : "");
      }
      this.close();
      await pause(retryAfter);
    }
  }

  /** Watches until the connection is lost. */
  private async watch() {
    const start = performance.now();
    this.say("waiting");
    const pc = (this.pc = new RTCPeerConnection());
    pc.addTransceiver("video", { direction: "recvonly" });
    pc.addTransceiver("audio", { direction: "recvonly" });
    pc.addTransceiver("audio", { direction: "recvonly" });
    const lab = new MediaStream();
    pc.ontrack = ({ track, streams }) => {
      if (streams[0]?.id === "talk") this.voice.srcObject = streams[0];
      else lab.addTrack(track);
    };
    this.video.srcObject = lab;
    this.video.requestVideoFrameCallback(() => {
      this.dataset.first ??= String(Math.round(performance.now() - start));
      this.classList.add("live");
      this.say("live");
    });
    this.here = await negotiate(pc, this.room() + "/whep");
    await new Promise<void>((done) => {
      pc.onconnectionstatechange = () => {
        if (["failed", "closed", "disconnected"].includes(pc.connectionState)) done();
      };
    });
    hangUp(this.here);
    this.say("lost");
  }

  protected act(button: HTMLElement) {
    if (button.dataset.do === "sound") this.sound(this.video.muted);
    if (button.dataset.do === "shot") void this.shot();
    if (button.dataset.do === "talk") void (this.mouth ? this.hush() : this.talk());
  }

  private sound(on: boolean) {
    this.video.muted = this.voice.muted = !on;
    this.button("sound")!.setAttribute("aria-pressed", String(on));
    void this.voice.play().catch(() => {});
  }

  private async talk() {
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true } });
      const pc = (this.mouth = new RTCPeerConnection());
      this.microphone.getTracks().forEach((track) => pc.addTransceiver(track, { direction: "sendonly" }));
      pc.onconnectionstatechange = () => ["failed", "closed", "disconnected"].includes(pc.connectionState) && this.hush();
      this.mouthHere = await negotiate(pc, this.room() + "/talk");
      this.sound(true);
      this.voice.muted = true; // nobody wants to hear themselves a moment later
      this.button("talk")?.setAttribute("aria-pressed", "true");
      this.say("talking");
    } catch (error) {
      this.hush();
      this.say(error instanceof Refused ? "full" : "denied", error instanceof Refused ? error.message : "");
    }
  }

  private hush() {
    hangUp(this.mouthHere);
    this.mouthHere = "";
    this.mouth?.close();
    this.microphone?.getTracks().forEach((track) => track.stop());
    this.mouth = this.microphone = undefined;
    this.voice.muted = this.video.muted;
    this.button("talk")?.setAttribute("aria-pressed", "false");
    if (!this.over) this.say(this.classList.contains("live") ? "live" : "waiting");
  }

  protected close() {
    if (this.over && this.mouth) this.hush();
    super.close();
  }
}

class LiveCamera extends Live {
  private media?: MediaStream;
  private tape?: MediaRecorder;
  private next = 0;
  private allowed = false; // both sides agree to a recording
  private sending = new Set<Promise<void>>();

  protected async begin() {
    await this.devices();
    this.say("ready");
  }

  /** Fills the choice of cameras; their names are known only once the camera was allowed. */
  private async devices() {
    const list = (await navigator.mediaDevices?.enumerateDevices().catch(() => []))?.filter((device) => device.kind === "videoinput") ?? [];
    const choice = this.querySelector("select")!;
    const chosen = choice.value;
    const named = list.filter((device) => device.deviceId);
    if (!named.length) return;
    choice.replaceChildren(...named.map((device, i) => new Option(device.label || `${i + 1}`, device.deviceId, false, device.deviceId === chosen)));
  }

  protected act(button: HTMLElement) {
    if (button.dataset.do === "start") void this.start();
    if (button.dataset.do === "stop") this.stop();
    if (button.dataset.do === "shot") void this.shot();
    if (button.dataset.do === "record") this.tape ? this.cut() : this.roll();
  }

  protected standing(state: DOMStringMap | undefined) {
    this.allowed = state?.record === "true";
    this.offer();
  }

  /** The button for recording is there while both sides agree and a picture is sent. A word taken back ends it at once. */
  private offer() {
    this.button("record")!.hidden = !this.allowed || !this.media || !window.MediaRecorder;
    if (!this.allowed) this.cut();
  }

  /** Records a stretch, and the next when it is full. */
  private roll() {
    if (!this.media || !this.allowed) return;
    const began = performance.now();
    const parts: Blob[] = [];
    const tape = (this.tape = new MediaRecorder(this.media, { videoBitsPerSecond: 1_000_000 }));
    tape.ondataavailable = ({ data }) => data.size && parts.push(data);
    const done = new Promise<void>((settle) => {
      tape.onstop = () => {
        const body = new Blob(parts, { type: tape.mimeType });
        const seconds = Math.max(1, Math.round((performance.now() - began) / 1000));
        void fetch(`${this.room()}/tapes?seconds=${seconds}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body })
          .then((answer) => answer.ok || answer.status === 409 || this.say("unkept"), () => this.say("unkept"))
          .finally(settle);
      };
    });
    this.sending.add(done);
    void done.finally(() => this.sending.delete(done));
    tape.start();
    this.button("record")!.setAttribute("aria-pressed", "true");
    this.say("recording");
    this.next = window.setTimeout(() => {
      tape.stop();
      this.roll();
    }, stretch);
  }

  private cut() {
    clearTimeout(this.next);
    if (this.tape && this.tape.state !== "inactive") this.tape.stop();
    if (this.tape && !this.over) this.say(this.media ? "live" : "ready");
    this.tape = undefined;
    this.button("record")!.setAttribute("aria-pressed", "false");
  }

  protected settled() {
    return Promise.race([Promise.all(this.sending), pause(10_000)]);
  }

  private async start() {
    this.button("start")!.disabled = true;
    try {
      const camera = this.querySelector("select")!.value;
      this.media = await navigator.mediaDevices.getUserMedia({
        video: { ...(camera ? { deviceId: { exact: camera } } : {}), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 20, max: 30 } },
        audio: this.querySelector<HTMLInputElement>("input[type=checkbox]")!.checked,
      });
    } catch {
      this.button("start")!.disabled = false;
      return this.say("denied");
    }
    void this.devices();
    this.video.srcObject = this.media;
    this.classList.add("live");
    this.offer();
    let wanted = this.media;
    while (wanted === this.media && !this.over) {
      try {
        await this.send(wanted);
      } catch (error) {
        if (error instanceof Refused && error.status < 500 && error.status !== 429) return this.end(error.status === 409 ? "over" : "refused");
        this.say("lost", error instanceof Refused ? error.message : "");
      }
      await pause(retryAfter);
    }
  }

  /** Sends until the connection is lost. */
  private async send(media: MediaStream) {
    const pc = (this.pc = new RTCPeerConnection());
    for (const track of media.getTracks()) {
      pc.addTransceiver(track, { direction: "sendonly", streams: [media], sendEncodings: track.kind === "video" ? [{ maxBitrate: 1_500_000 }] : undefined });
    }
    pc.addTransceiver("audio", { direction: "recvonly" });
    pc.ontrack = ({ streams }) => {
      this.voice.srcObject = streams[0] ?? null;
      void this.voice.play().catch(() => {});
    };
    this.here = await negotiate(pc, this.room() + "/whip");
    this.say(this.tape ? "recording" : "live");
    await new Promise<void>((done) => {
      pc.onconnectionstatechange = () => {
        if (["failed", "closed", "disconnected"].includes(pc.connectionState)) done();
      };
    });
    hangUp(this.here);
    pc.close();
    if (this.media === media && !this.over) this.say("lost");
  }

  private stop() {
    const media = this.media;
    this.media = undefined;
    this.cut();
    this.offer();
    hangUp(this.here);
    this.close();
    media?.getTracks().forEach((track) => track.stop());
    this.button("start")!.disabled = false;
    this.say("ready");
  }

  protected close() {
    if (this.over) this.cut();
    if (this.over) this.media?.getTracks().forEach((track) => track.stop());
    super.close();
  }
}

customElements.define("live-watch", LiveWatch);
customElements.define("live-camera", LiveCamera);
