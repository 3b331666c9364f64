import { pause } from '@fairlead/shared/client';
import { AppError } from '@fairlead/shared/kernel';
import type { CommandContext } from './command-context.ts';
import { LiveBlock } from './output/live-block.ts';

const readAgainMs = 2_000;

/** Shows what `read` gives, and with `isWatching` shows it again whenever it has changed, until Ctrl-C. */
export async function showAndWatch(
  context: CommandContext<unknown>,
  isWatching: boolean,
  read: () => Promise<string>,
): Promise<void> {
  const first = await read();
  if (!isWatching) return context.terminal.write(first);
  const block = new LiveBlock(context.terminal);
  let shown = '';
  for (let text = first; !context.terminal.interrupted.aborted; text = await readUnlessAway(read, shown)) {
    if (text !== shown) block.draw(text.trimEnd().split('\n'));
    shown = text;
    await pause(readAgainMs, context.terminal.interrupted);
  }
}

async function readUnlessAway(read: () => Promise<string>, shown: string): Promise<string> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.kind === 'unavailable') return shown;
    throw thrown;
  }
}
