import { HubTime } from './hub-time.ts';

describe('hub time', () => {
  let wall = 1_000_000;
  let uptime = 5000;
  const time = () => new HubTime({ clock: { nowMs: () => wall }, uptimeMs: () => uptime });

  it('knows when the hub started, whatever the wall clock does', () => {
    expect(time().read()).toEqual({ now: 1_000_000, hubStartedAt: 995_000, clockJumpedAt: null });
  });

  it.each([3_600_000, -3_600_000])('notices a jump of %i ms', (jump) => {
    const watched = time();
    wall += 1000;
    uptime += 1000;
    expect(watched.read().clockJumpedAt).toBeNull();
    wall += 1000 + jump;
    uptime += 1000;
    expect(watched.read().clockJumpedAt).toBe(wall);
    expect(watched.read()).toMatchObject({ hubStartedAt: wall - uptime, clockJumpedAt: wall });
  });
});
