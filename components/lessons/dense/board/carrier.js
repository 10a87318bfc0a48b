// The numbers of the board come as a message of their own; this small component hands them over.

import { decodeMessage } from "../../../browser/numbers.js";
import { carried } from "./carried.js";

export default function carryNumbers({ data }) {
  const part = decodeMessage(data);
  if (!part.id) return;
  carried.part = part;
  for (const listener of carried.listeners) listener();
}
