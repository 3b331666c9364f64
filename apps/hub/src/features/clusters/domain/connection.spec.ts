import { connectionOf } from './connection.ts';

const at = { nowMs: 100_000, heartbeatIntervalMs: 10_000 };
const session = { connectedAtMs: 50_000, lastHeartbeatAtMs: 95_000, disconnectedAtMs: null };
const cluster = { createdAtMs: 1000, revokedAtMs: null, session };

describe('the connection of a cluster', () => {
  it('is connected while signs of life come', () => {
    expect(connectionOf(cluster, at)).toEqual({ state: 'connected', sinceMs: 50_000 });
  });

  it('is unknown after three missed ones, since the last', () => {
    const silent = { ...cluster, session: { ...session, lastHeartbeatAtMs: 69_000 } };
    expect(connectionOf(silent, at)).toEqual({ state: 'unknown', sinceMs: 69_000 });
  });

  it('is unknown at once after a disconnect', () => {
    const gone = { ...cluster, session: { ...session, disconnectedAtMs: 99_000 } };
    expect(connectionOf(gone, at)).toEqual({ state: 'unknown', sinceMs: 99_000 });
  });

  it('is never without a session and revoked whatever else', () => {
    expect(connectionOf({ ...cluster, session: null }, at)).toEqual({ state: 'never', sinceMs: 1000 });
    expect(connectionOf({ ...cluster, revokedAtMs: 98_000 }, at)).toEqual({ state: 'revoked', sinceMs: 98_000 });
  });
});
