import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addLedgerList } from './list.ts';
import { addLedgerVerify } from './verify.ts';

export function addLedger(program: Command, terminal: Terminal): void {
  const ledger = program.command('ledger').description('who decided what, chained so that changes would show');
  addLedgerList(ledger, terminal);
  addLedgerVerify(ledger, terminal);
}
