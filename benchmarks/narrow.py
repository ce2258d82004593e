"""A checkpoint with networks cut out of the starter's, of another native format: they take little time and memory, what they
show is noise."""

import itertools
import json
import math
import shutil
import struct

import measure

ELEMENT = 2  # bytes; the starter's weights are of 16 bits

# By the beginnings of names: by how much the layers are narrower, and which sizes of their tensors follow from the width. Of the
# other sizes none is the same number.
WIDTHS = {
    "transformer": {"": (8, (192, 768, 1152))},
    "vae": {"decoder.": (16, (32, 64, 128, 192)), "encoder.": (8, (56, 112, 336))},
}
CONFIG = {
    "transformer": lambda config: {
        "num_layers": 1,
        "num_attention_heads": 1,
        "attention_head_dim": config["num_attention_heads"] * config["attention_head_dim"] // 8,
        "ffn_dim": config["ffn_dim"] // 8,
    },
    "vae": lambda config: {"base_dim": config["base_dim"] // 8, "decoder_base_dim": config["decoder_base_dim"] // 16},
}


def tensors(file):
    """Names, types, shapes and bytes of a safetensors file."""
    data = file.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            yield name, tensor["dtype"], tensor["shape"], data[8 + length + begin : 8 + length + end]


def corner(shape, small, data):
    """The elements of a tensor whose indexes fit a smaller shape."""
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    row = small[-1] * ELEMENT
    for index in itertools.product(*(range(size) for size in small[:-1])):
        at = sum(i * stride for i, stride in zip(index, strides)) * ELEMENT
        yield data[at : at + row]


def narrow_file(part, file):
    header = {}
    content = bytearray()
    for name, dtype, shape, data in list(tensors(file)):
        if name.startswith("blocks.") and not name.startswith("blocks.0."):
            continue
        factor, widths = next((w for prefix, w in WIDTHS[part].items() if name.startswith(prefix)), (1, ()))
        small = [size // factor if size in widths else size for size in shape]
        begin = len(content)
        content += b"".join(corner(shape, small, data))
        header[name] = {"dtype": dtype, "shape": small, "data_offsets": [begin, len(content)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + content)


def write(target, **native):
    """Writes the checkpoint into a folder that does not exist yet; `native` replaces values of its patchreel.json."""
    shutil.copytree(measure.STARTER, target)
    for part, narrowed in CONFIG.items():
        config = target / part / "config.json"
        settings = json.loads(config.read_text())
        config.write_text(json.dumps({**settings, **narrowed(settings)}))
        narrow_file(part, target / part / "diffusion_pytorch_model.safetensors")
    settings = json.loads((target / "patchreel.json").read_text())
    (target / "patchreel.json").write_text(json.dumps({**settings, **native}))
