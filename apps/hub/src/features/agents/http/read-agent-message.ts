import { z } from 'zod';
import { AgentMessage } from '@fairlead/shared/contracts';

const Typed = z.object({ type: z.string().max(100) });
const knownTypes = new Set<string>(AgentMessage.options.flatMap((option) => [...option.shape.type.values]));

// The database takes neither NUL nor half a character; logs that an agent cut somewhere may hold both.
const unstorable = /\\u(?:0000|d[89a-f])/i;

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;
}

export type ReadMessage =
  | { kind: 'message'; message: AgentMessage }
  /** Of a newer protocol: answered with `unsupported`. */
  | { kind: 'unknown'; type: string }
  | { kind: 'broken'; problem: string };

/** Checks one frame of an agent against the contract. */
export function readAgentMessage(frame: string): ReadMessage {
  let json: unknown;
  try {
    json = unstorable.test(frame) ? JSON.parse(frame, storable) : JSON.parse(frame);
  } catch {
    // The parser's own words quote the frame, which may hold anything.
    return { kind: 'broken', problem: 'not JSON' };
  }
  const typed = Typed.safeParse(json);
  if (!typed.success) return { kind: 'broken', problem: 'no type' };
  if (!knownTypes.has(typed.data.type)) return { kind: 'unknown', type: typed.data.type };
  const parsed = AgentMessage.safeParse(json);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  const issue = parsed.error.issues[0];
  return { kind: 'broken', problem: `${typed.data.type}: ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}` };
}
