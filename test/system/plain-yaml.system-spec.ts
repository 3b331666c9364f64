import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExactJson, type Json } from '@fairlead/manifests';
import { parseApp, renderTarget, textTree } from '@fairlead/render';
import { useBed } from '../harness/bed.ts';

const app = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: plain }\n';
const cluster = { name: 'solo', labels: {}, annotations: {}, kubernetesVersion: null };

/** The one object that plain YAML becomes. */
function rendered(text: string): Json {
  const parsed = parseApp(app, 'fairlead.yaml');
  if (!parsed.ok) throw new Error('the app is good');
  const tree = textTree({ 'fairlead.yaml': app, 'object.yaml': text });
  const result = renderTarget({ tree, appDir: '', app: parsed.app, cluster });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.objects[0] ?? null;
}

describe('plain YAML beside kubectl', () => {
  const bed = useBed(1);
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairlead-plain-yaml-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const kubectl = async (text: string, ...how: string[]): Promise<Json> => {
    const file = join(directory, 'object.yaml');
    await writeFile(file, text);
    const [solo] = bed();
    if (solo === undefined) throw new Error('no cluster');
    return parseExactJson((await solo.kubectl(['create', '-f', file, '-o', 'json', ...how])).stdout);
  };

  it('[case 190] has the values that kubectl reads, however odd they are written', async () => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: tricky }
data:
  defaultMode: 0644
  on: yes
  at: 12:30:45
  more: [0o17, 1_000, 0x1F, 0b11, 1e3, .5, ~, No, off, y, 08, 2001-01-01, +12, -0, 1.0, "yes", 190:20:30, 9007199254740993]
`;
    const read = rendered(text);
    expect(read).toMatchObject({ data: { defaultMode: 420, true: true, at: '12:30:45' } });
    expect(read).toEqual(await kubectl(text, '--dry-run=client', '--validate=false'));
  });

  it('[case 190] gives the API server the mode that was meant', async () => {
    const text = `apiVersion: v1
kind: Pod
metadata: { name: modes }
spec:
  containers:
  - { name: main, image: registry.example/main:1, env: [{ name: AT, value: 12:30:45 }], stdin: on }
  volumes:
  - { name: files, configMap: { name: files, defaultMode: 0644, optional: yes } }
`;
    const meant = {
      spec: {
        containers: [{ env: [{ name: 'AT', value: '12:30:45' }], stdin: true }],
        volumes: [{ configMap: { defaultMode: 0o644, optional: true } }],
      },
    };
    expect(await kubectl(text, '--dry-run=server')).toMatchObject(meant);
    expect(rendered(text)).toMatchObject(meant);
  });
});
