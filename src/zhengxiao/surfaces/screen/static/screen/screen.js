// Fetches the next turn, keeps the last one when the network is cut, and says how old it is.
"use strict";
(() => {
  const place = document.getElementById("picture");
  const told = document.getElementById("age");
  const every = Number(place.dataset.every) * 1000;
  const late = Number(place.dataset.late) * 1000;
  let fresh = performance.now(); // the wall clock of a screen may be wrong

  const current = () => place.querySelector(".picture");

  const age = () => {
    const past = performance.now() - fresh;
    if (past < late) { told.hidden = true; return; }
    const seconds = Math.round(past / 1000);
    const words = seconds < 120 ? told.dataset.seconds.replace("{n}", seconds) : told.dataset.minutes.replace("{n}", Math.floor(seconds / 60));
    const text = told.dataset.cut.replace("{moment}", current().dataset.moment).replace("{age}", words);
    if (told.textContent !== text) told.textContent = text;
    told.hidden = false;
  };

  const turn = async () => {
    const control = new AbortController();
    const limit = setTimeout(() => control.abort(), every);
    try {
      const answer = await fetch(`?turn=${current().dataset.next}`, { headers: { "X-Screen": "part" }, signal: control.signal, cache: "no-store" });
      if (answer.ok) {
        const inside = await answer.text();
        const next = new DOMParser().parseFromString(inside, "text/html").querySelector(".picture");
        if (next) { place.replaceChildren(next); fresh = performance.now(); }
      }
    } catch { /* the age says it */ } finally { clearTimeout(limit); }
    age();
    setTimeout(turn, every);
  };

  setTimeout(turn, every);
  setInterval(age, 1000);
})();
