import type { TargetDetail } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { objectWords } from './drift-words.ts';
import { ago, plural } from './words.ts';

type Failing = TargetDetail['failing'][number];
type Pod = Failing['pods'][number];

interface Moment {
  readonly paint: Palette;
  readonly nowMs: number;
}

/** What is wrong with an object, and the last words of its Pods. */
export function failingLines(failing: Failing, view: Moment): string[] {
  const { paint } = view;
  const title = `${objectWords(failing.object)}: ${failing.reason}`;
  const message = failing.message === '' ? [] : [`  ${failing.message}`];
  return [paint.red(title), ...message, ...failing.pods.flatMap((pod) => podLines(pod, view))];
}

function podLines(pod: Pod, { paint, nowMs }: Moment): string[] {
  const container = pod.container === null ? '' : ` container ${pod.container}`;
  const events = pod.events.map((event) => {
    const times = event.count > 1 ? ` (${event.count} times)` : '';
    const when = event.at === null ? '' : `${ago(event.at, nowMs)}  `;
    return `    ${when}${event.type}  ${event.reason}: ${event.message}${times}`;
  });
  const log =
    pod.log === null
      ? []
      : pod.log
          .trimEnd()
          .split('\n')
          .map((line) => `    ${paint.dim('|')} ${line}`);
  return [`  pod ${pod.name}${container}: ${pod.reason}`, ...events, ...log];
}

/** "Kept: configmap shop/a: it carries prune: disabled" */
export function noticeLine(notice: TargetDetail['notices'][number]): string {
  const object = notice.object === null ? '' : `${objectWords(notice.object)}: `;
  return `${notice.reason}: ${object}${notice.message}`;
}

/** Which objects wait for somebody to agree, and how to agree. */
export function holdLines(target: TargetDetail): string[] {
  const { pruneHold: hold } = target;
  if (hold === null) return [];
  const more = hold.count - hold.objects.length;
  const what = `${plural(hold.count, 'deletion')} held back: ${hold.reason}`;
  const command = `fairlead targets confirm-prune ${target.app} ${target.cluster} --hash ${hold.hash}`;
  return [
    target.confirmedPrune === hold.hash ? `${what}; agreed to, under way` : what,
    ...hold.objects.map((object) => `  ${objectWords(object)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(target.confirmedPrune === hold.hash ? [] : [`agree with: ${command}`]),
  ];
}
