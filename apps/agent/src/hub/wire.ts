import {
  AgentMessage,
  EnrollResponse,
  AgentTokenResponse,
  HubMessage,
  SnapshotResponse,
  agentProtocol,
} from '@fairlead/shared/contracts';

export { agentProtocol, AgentTokenResponse, EnrollResponse, SnapshotResponse };
export type { AgentMessage, HubMessage };

const hubTypes = new Set<string>(HubMessage.options.map((option) => option.shape.type.value));

export type ReadMessage =
  | { readonly kind: 'message'; readonly message: HubMessage }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'broken'; readonly problem: string };

/** Reads one frame of the hub. An unknown type is not an error: a newer hub may know more. */
export function readHubMessage(frame: string): ReadMessage {
  let document: unknown;
  try {
    document = JSON.parse(frame);
  } catch {
    return { kind: 'broken', problem: 'not JSON' };
  }
  const type = typeof document === 'object' && document !== null && 'type' in document ? String(document.type) : '';
  if (!hubTypes.has(type)) return { kind: 'unknown', type: type.slice(0, 100) };
  const parsed = HubMessage.safeParse(document);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  return {
    kind: 'broken',
    problem: parsed.error.issues
      .map((issue) => issue.path.join('.'))
      .join(', ')
      .slice(0, 500),
  };
}

/** The frame of a message. Throws when the message breaks the contract: that is a bug here, never the hub's problem. */
export function writeAgentMessage(message: AgentMessage): string {
  return JSON.stringify(AgentMessage.parse(message));
}
