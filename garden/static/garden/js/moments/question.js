import { feel } from "../api.js";
import { addMoment, onAction, sectionOf, show } from "../stage.js";
import { visit } from "../visit.js";
import { setWord } from "../words.js";
import { makeMoodButton } from "./wheel.js";

const MOST = 3;
/** The share from which another mood than the strongest is offered: an even spread over eight moods gives each 0.125. */
const PLAUSIBLE = 0.1;

const section = sectionOf("question");
const guesses = /** @type {HTMLElement} */ (section.querySelector(".guesses"));

/** The reading is a question: the visitor knows best. */
export function addQuestion() {
  addMoment("question", { back: "look", enter, leave: () => guesses.replaceChildren() });
  onAction("question", "other", () => show("wheel"));
}

function enter() {
  const guess = visit.guess ?? "calm";
  section.dataset.mood = guess;
  setWord(section.querySelector("h1"), `look_${guess}`);
  guesses.replaceChildren(...likelyMoods(guess, visit.scores ?? {}).map(makeGuess));
}

/**
 * The guess, then the others that are plausible, the strongest first; "something else" leads to all eight.
 * @param {string} guess
 * @param {Record<string, number>} scores
 */
function likelyMoods(guess, scores) {
  const others = Object.keys(scores)
    .filter((emotion) => emotion !== guess && scores[emotion] >= PLAUSIBLE)
    .sort((a, b) => scores[b] - scores[a]);
  return [guess, ...others].slice(0, MOST);
}

/** @param {string} emotion */
function makeGuess(emotion) {
  const guess = makeMoodButton(emotion);
  guess.addEventListener("click", () => {
    feel(emotion);
    show("garden");
  });
  return guess;
}
