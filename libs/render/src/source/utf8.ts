/** The text of bytes, or null when they are no valid UTF-8. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // What is not valid becomes a replacement character, and does not come back the same.
  if (!text.includes('\uFFFD')) return text;
  const again = new TextEncoder().encode(text);
  const isSame = again.length === bytes.length && again.every((byte, index) => byte === bytes[index]);
  return isSame ? text : null;
}
