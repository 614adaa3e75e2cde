// A voice that says everything at once and notes it in `spoken`. `window.mute` makes it fail, `window.stuck` makes it
// stay silent, `window.endless` lets it begin and never end.

window.spoken = [];

window.SpeechSynthesisUtterance = class {
  constructor(text) {
    this.text = text;
    this.rate = this.volume = 1;
  }
};

class Engine extends EventTarget {
  speaking = false;
  pending = false;

  getVoices() {
    return [
      { name: "Cloud", lang: "en-US", localService: false },
      { name: "Carte", lang: "fr-FR", localService: true },
      { name: "Local", lang: "en_US", localService: true },
    ];
  }

  speak(utterance) {
    if (!utterance.text) return;
    window.spoken.push({
      text: utterance.text,
      rate: utterance.rate,
      voice: utterance.voice?.name,
      at: performance.now(),
    });
    queueMicrotask(() => {
      if (window.stuck) return;
      if (window.mute) {
        utterance.onerror?.(new Event("error"));
        return;
      }
      utterance.onstart?.(new Event("start"));
      this.speaking = Boolean(window.endless);
      if (!window.endless) utterance.onend?.(new Event("end"));
    });
  }

  cancel() {
    this.speaking = false;
  }
}

Object.defineProperty(window, "speechSynthesis", { value: new Engine() });
