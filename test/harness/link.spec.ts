import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '@fairlead/shared/test-kit';
import { type Link, startLink } from './link.ts';

describe('a link that tests can break', () => {
  let echo: Server;
  let link: Link;
  let client: TestClient;

  beforeEach(async () => {
    echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
    const port = await new Promise<number>((resolve) => {
      echo.listen(0, '127.0.0.1', () => resolve((echo.address() as { port: number }).port));
    });
    link = await startLink({ targetPort: port });
    client = await connectTo(link.port);
  });

  afterEach(async () => {
    client.socket.destroy();
    await link.close();
    await new Promise((resolve) => echo.close(resolve));
  });

  it('passes bytes both ways', async () => {
    client.socket.write('hello');
    await eventually(() => expect(client.received()).toBe('hello'));
    expect(link.connectionCount).toBe(1);
  });

  it('resets what is open and refuses what is new while cut, and works again when healed', async () => {
    link.cut();
    await eventually(() => expect(client.error()).toBe('ECONNRESET'));
    const refused = await connectTo(link.port);
    await eventually(() => expect(refused.error()).toBe('ECONNRESET'));
    link.heal();
    const next = await connectTo(link.port);
    next.socket.write('back');
    await eventually(() => expect(next.received()).toBe('back'));
    next.socket.destroy();
  });

  it('keeps connections open and silent while half-open, and delivers what waited when healed', async () => {
    link.halfOpen();
    client.socket.write('one ');
    const late = await connectTo(link.port);
    late.socket.write('late');
    // Something that does pass shows that enough time went by for the rest.
    const other = await startLink({ targetPort: (echo.address() as { port: number }).port });
    const witness = await connectTo(other.port);
    witness.socket.write('tick');
    await eventually(() => expect(witness.received()).toBe('tick'));
    expect([client.received(), client.error(), late.received()]).toEqual(['', undefined, '']);
    client.socket.write('two');
    link.heal();
    await eventually(() => expect([client.received(), late.received()]).toEqual(['one two', 'late']));
    late.socket.destroy();
    witness.socket.destroy();
    await other.close();
  });

  it('delays in order, also when the delay shrinks', async () => {
    const startedAt = performance.now();
    link.delay(60);
    client.socket.write('slow ');
    await eventually(() => expect(client.received()).toBe('slow '));
    expect(performance.now() - startedAt).toBeGreaterThan(110);
    client.socket.write('a');
    link.delay(0);
    client.socket.write('b');
    await eventually(() => expect(client.received()).toBe('slow ab'));
  });
});

interface TestClient {
  readonly socket: Socket;
  received(): string;
  error(): string | undefined;
}

function connectTo(port: number): Promise<TestClient> {
  const socket = connect({ port, host: '127.0.0.1' });
  let received = '';
  let code: string | undefined;
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  return new Promise((resolve) => {
    const settled = () => resolve({ socket, received: () => received, error: () => code });
    socket.once('connect', settled).once('error', settled);
  });
}
