const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|u|n|[eE][+-]?\d+)?$/;

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Whether two values are the same amount as Kubernetes counts it: `1000m` and `1`, `1Gi` and `1024Mi`. */
export function isSameQuantity(left: string | number, right: string | number): boolean {
  const amounts = [left, right].map(amountOf);
  return amounts[0] !== null && amounts[0] === amounts[1];
}

function amountOf(value: string | number): number | null {
  const match = pattern.exec(String(value));
  if (match === null) return null;
  const suffix = match[2] ?? '';
  const number = Number(match[1]);
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  const amount = exponent === undefined ? number * (factors[suffix] ?? 1) : Number(`${match[1]}e${exponent}`);
  // 0.1 * 1000 and its like.
  return Number(amount.toPrecision(15));
}
