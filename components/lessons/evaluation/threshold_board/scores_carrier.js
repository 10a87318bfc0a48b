import { decodeMessage } from "../../../browser/numbers.js";
import { scoreStore } from "./scores.js";

export default function carryScores({ data }) {
  const message = decodeMessage(data);
  const store = scoreStore;
  store.messages.set(message.key, message);
  for (const listener of store.listeners) listener(message.key);
}
