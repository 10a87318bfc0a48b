// The numbers of the board come as a message of their own; this small component hands them over.

export default function carryNumbers({ data }) {
  const part = decodeMessage(data);
  if (!part.id) return;
  const carried = (document[Symbol.for("dense-board-part")] ??= { part: null, listeners: new Set() });
  carried.part = part;
  for (const listener of carried.listeners) listener();
}
