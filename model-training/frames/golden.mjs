// What tfjs makes of drawn pictures: the golden values of the picture classifier.
// usage: node golden.mjs PACKAGE TFJS >scores.json
// PACKAGE is the folder of the unpacked npm package nsfwjs 4.3.0, TFJS a folder with "npm install @tensorflow/tfjs@4.22.0" in it.
import { createRequire } from "node:module";
import path from "node:path";

const [folder, installed] = process.argv.slice(2).map((each) => path.resolve(each));
const tf = createRequire(path.join(installed, "package.json"))("@tensorflow/tfjs");
const packaged = createRequire(path.join(folder, "dist/models/mobilenet_v2/"));
const loaded = (name) => {
  const module = packaged("./" + name);
  return module.default ?? module;
};

const SIDE = 224;

// Whole numbers alone, so that every language draws the same: DrawnPicture of the tests does.
let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 24;
};
const square = (n) => n * n;
const PICTURES = {
  black: () => [0, 0, 0],
  gradient: (x, y) => [x, y, (x + y) >> 1],
  checker: (x, y) => (((x >> 4) + (y >> 4)) & 1 ? [230, 230, 230] : [25, 25, 25]),
  disc: (x, y) => (square(x - 112) + square(y - 112) < square(70) ? [200, 40, 40] : [90, 150, 220]),
  ellipse: (x, y) => {
    const shade = Math.abs(x - 112) >> 1;
    return 4 * square(x - 112) + square(y - 112) < square(100) ? [224 - shade, 172 - shade, 140 - shade] : [120, 120, 125];
  },
  stripes: (x, y) => ((x + 2 * y) % 32 < 16 ? [240, 200, 30] : [20, 20, 20]),
  noise: () => [random(), random(), random()],
};

const drawn = (picture) => {
  const values = new Float32Array(SIDE * SIDE * 3);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (const value of picture(x, y)) {
        values[at++] = value / 255;
      }
    }
  }
  return tf.tensor4d(values, [1, SIDE, SIDE, 3]);
};

const described = loaded("model.min.js");
const bytes = Buffer.from(loaded("group1-shard1of1.min.js"), "base64");
const model = await tf.loadLayersModel(
  tf.io.fromMemory({
    modelTopology: described.modelTopology,
    weightSpecs: described.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  }),
);
const scores = Object.entries(PICTURES).map(
  ([name, picture]) =>
    `  ${JSON.stringify(name)}: [${[...model.predict(drawn(picture)).dataSync()].map((score) => score.toFixed(6)).join(", ")}]`,
);
console.log(`{\n${scores.join(",\n")}\n}`);
