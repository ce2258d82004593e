// Asks validators of C2PA manifests that others wrote. Reads a line of JSON for each file: {"file": path, "anchors": path of a
// PEM file, or absent, "ts": whether c2pa-ts is asked too}; answers each with a line of JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import initialize, { WasmReader } from '@contentauth/c2pa-wasm';
import { BMFF, JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore } from '@trustnxt/c2pa-ts/manifest';

const require = createRequire(import.meta.url);
await initialize({ module_or_path: readFileSync(require.resolve('@contentauth/c2pa-wasm/c2pa.wasm')) });
BMFF.canReadBrands.add('isom'); // it knows brands of pictures only

const TYPES = {
  avi: 'video/avi', avif: 'image/avif', gif: 'image/gif', heic: 'image/heic', jpg: 'image/jpeg', mov: 'video/quicktime', mp4: 'video/mp4', png: 'image/png',
  tif: 'image/tiff', tiff: 'image/tiff', wav: 'audio/wav', webp: 'image/webp',
};

async function c2paRs(bytes, type, anchors) {
  const settings = anchors ? JSON.stringify({ trust: { trust_anchors: anchors } }) : undefined;
  try {
    const reader = await WasmReader.fromBytes(type, bytes, settings);
    const report = JSON.parse(reader.json());
    reader.free();
    const results = report.validation_results;
    const deltas = (results.ingredientDeltas ?? []).map((delta) => delta.validationDeltas);
    const codes = [results.activeManifest, ...deltas].flatMap((statuses) => statuses.failure.map((status) => status.code));
    return { state: report.validation_state, failures: [...new Set(codes)], label: report.active_manifest };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

async function c2paTs(bytes) {
  try {
    const Format = [JPEG, PNG].find((format) => format.canRead(bytes)) ?? BMFF;
    const asset = new Format(bytes);
    const store = asset.getManifestJUMBF();
    if (!store) {
      return { error: 'no manifest' };
    }
    const result = await ManifestStore.read(SuperBox.fromBuffer(store)).validate(asset);
    return { valid: result.isValid, failures: result.statusEntries.filter((entry) => !entry.success).map((entry) => entry.code) };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const bytes = readFileSync(question.file);
  const anchors = question.anchors && readFileSync(question.anchors, 'utf8');
  const type = TYPES[question.file.slice(question.file.lastIndexOf('.') + 1)];
  const answer = { rs: await c2paRs(bytes, type, anchors) };
  if (question.ts) {
    answer.ts = await c2paTs(bytes);
  }
  console.log(JSON.stringify(answer));
}
