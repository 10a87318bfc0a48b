// What is large travels as messages of their own, which Streamlit sends once: a small component carries them here.

import { decodeMessage } from "../../../browser/numbers.js";

const PARTS_KEPT = 6;

/** The page's parts of the network map: id → message, and who wants to hear of a new one. */
export const mapParts = { messages: new Map(), listeners: new Set() };

/** What the carrier does: it keeps the newest parts and tells the map of them. */
export function carryPart({ data }) {
  const part = decodeMessage(data);
  if (!part.id) return;
  const parts = mapParts;
  parts.messages.delete(part.id);
  parts.messages.set(part.id, part);
  while (parts.messages.size > PARTS_KEPT) parts.messages.delete(parts.messages.keys().next().value);
  for (const listener of parts.listeners) listener(part.id);
}
