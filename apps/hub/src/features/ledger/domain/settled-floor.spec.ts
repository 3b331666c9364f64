import { SettledFloor } from './settled-floor.ts';

describe('settled floor', () => {
  it('rises to an id only once the settling time has passed since it was reached', () => {
    const floor = new SettledFloor(1000);
    floor.reached(7, 0);
    expect([floor.at(0), floor.at(999), floor.at(1000)]).toEqual([0, 0, 7]);
  });

  it('never takes a later id for settled', () => {
    const floor = new SettledFloor(1000);
    floor.reached(7, 0);
    floor.reached(9, 50);
    floor.reached(12, 100);
    expect([floor.at(1050), floor.at(1100)]).toEqual([7, 12]);
  });

  it('never falls', () => {
    const floor = new SettledFloor(10);
    floor.reached(7, 0);
    expect(floor.at(10)).toBe(7);
    floor.reached(3, 20);
    expect(floor.at(40)).toBe(7);
  });
});
