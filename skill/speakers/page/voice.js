// The speaker's voice: SSML, spoken by the browser where it has a voice.

/** Milliseconds in which a voice must begin; one that doesn't is as good as none. */
const BEGINS_WITHIN = 3000;

/**
 * What is said in `ssml`, in pieces that a pause parts: {text, rate, pause}, the pause after it in milliseconds.
 * `plain` is the one piece where the markup can't be read.
 */
export function pieces(ssml, plain) {
  const root = new DOMParser().parseFromString(ssml, "text/xml");
  if (!ssml || root.querySelector("parsererror")) return plain ? [{ text: plain, rate: 1, pause: 0 }] : [];
  const found = [];
  const read = (node, rate) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const text = child.nodeValue.replace(/\s+/g, " ").trim();
        if (text) found.push({ text, rate, pause: 0 });
      } else if (child.nodeName === "break") {
        if (found.length) found.at(-1).pause += milliseconds(child.getAttribute("time"));
      } else if (child.nodeName === "prosody") {
        read(child, (parseFloat(child.getAttribute("rate")) || 100) / 100);
      } else {
        read(child, rate);
      }
    }
  };
  read(root.documentElement, 1);
  return found;
}

function milliseconds(time) {
  const number = parseFloat(time) || 0;
  return /ms$/.test(time ?? "") ? number : number * 1000;
}

/** One voice of this browser, or none. */
export class Voice {
  #engine = window.speechSynthesis;
  #locale;
  #run = 0;
  #awake = false;
  // Chrome forgets an utterance that nothing refers to, and then never says that it has ended.
  #utterance = null;

  /** `locale` as in "en-GB"; `changed` is called when a voice comes or goes, and when it begins or ends to speak. */
  constructor(locale, changed) {
    this.#locale = locale;
    this.changed = changed;
    this.speaking = false;
    this.#engine?.addEventListener?.("voiceschanged", changed);
  }

  /** The voice that fits best: of the country, and of this machine, so that what is said stays on it. */
  get #best() {
    const language = this.#locale.split("-")[0];
    const tag = (voice) => (voice.lang ?? "").replace("_", "-");
    const worth = (voice) =>
      2 * Number(voice.localService !== false) + Number(tag(voice).toLowerCase() === this.#locale.toLowerCase());
    return (this.#engine?.getVoices() ?? [])
      .filter((voice) => tag(voice).toLowerCase().split("-")[0] === language)
      .sort((one, other) => worth(other) - worth(one))[0];
  }

  get there() {
    return this.#best !== undefined;
  }

  /** To be called while a tap or a key is being handled: Safari lets nothing speak later that did not begin there. */
  wake() {
    if (this.#awake || !this.there) return;
    this.#awake = true;
    const nothing = new SpeechSynthesisUtterance("");
    nothing.volume = 0;
    this.#engine.speak(nothing);
  }

  /** Speak `list`, as pieces() gives it. Resolves to "spoken", "stopped", or "failed" where it could not be heard. */
  async speak(list) {
    this.stop();
    const run = this.#run;
    this.#mark(true);
    const end = await this.#each(list, () => run !== this.#run);
    if (end !== "stopped") this.#mark(false);
    return end;
  }

  stop() {
    this.#run += 1;
    if (this.#engine?.speaking || this.#engine?.pending) this.#engine.cancel();
    this.#mark(false);
  }

  async #each(list, stopped) {
    for (const piece of list) {
      // Sentence by sentence: Chrome breaks off what takes longer than about fifteen seconds.
      for (const sentence of piece.text.match(/[^.!?]+[.!?]*\s*/g) ?? []) {
        const heard = await this.#utter(sentence.trim(), piece.rate);
        if (stopped()) return "stopped";
        if (!heard) return "failed";
      }
      if (piece.pause) await new Promise((done) => setTimeout(done, piece.pause));
      if (stopped()) return "stopped";
    }
    return "spoken";
  }

  #utter(text, rate) {
    return new Promise((done) => {
      const utterance = new SpeechSynthesisUtterance(text);
      const voice = this.#best;
      try {
        if (voice) utterance.voice = voice;
      } catch {
        // It went away meanwhile; its language chooses another.
      }
      utterance.lang = voice?.lang ?? this.#locale;
      utterance.rate = rate;
      const late = setTimeout(() => done(false), BEGINS_WITHIN);
      utterance.onstart = () => clearTimeout(late);
      utterance.onend = () => (clearTimeout(late), done(true));
      utterance.onerror = () => (clearTimeout(late), done(false));
      this.#utterance = utterance;
      this.#engine.speak(utterance);
    });
  }

  #mark(speaking) {
    if (this.speaking === speaking) return;
    this.speaking = speaking;
    this.changed();
  }
}
