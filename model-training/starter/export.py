"""Writes a checkpoint in the diffusers layout: `python -m starter.export --preset cpu --data FOLDER --vae FILE --transformer FILE
--to CHECKPOINT`.

The files are vae.pt of starter.train_vae, and decayed.pt or training.pt of starter.continued or distilled.pt of starter.distil.
Without --vae the decoder is the linear inverse of the latents. Weights are float16 for the VAE, whose encoder needs its ten
bits, and bfloat16 else.
"""
import argparse
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordLevel

from starter.language import language
from starter.model import SHIFT, Model
from starter.preset import PRESETS
from starter.shards import basis
from starter.text import SPECIAL
from starter.vae import Vae


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--vae", type=pathlib.Path)
    parser.add_argument("--transformer", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=8, help="that the checkpoint names as its default")
    parser.add_argument("--guidance", type=float, default=1.0, help="that the checkpoint names as its default")
    chosen = parser.parse_args()
    preset, to = PRESETS[chosen.preset], chosen.to
    for part in ("vae", "transformer", "text_encoder", "tokenizer", "scheduler"):
        shutil.rmtree(to / part, ignore_errors=True)
        (to / part).mkdir(parents=True)
    _vae(preset, chosen, to / "vae")
    model = Model(preset)
    trained = torch.load(chosen.transformer, map_location="cpu", weights_only=False)
    model.load_state_dict(trained["average"], strict=False)
    _weights(model.transformer.state_dict(), to / "transformer" / "diffusion_pytorch_model.safetensors", torch.bfloat16)
    _json(to / "transformer" / "config.json", {"_class_name": "WanTransformer3DModel", **model.transformer.config})
    _text(preset, model, to)
    _json(to / "scheduler" / "scheduler_config.json", {
        "_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": SHIFT, "use_dynamic_shifting": False})
    _json(to / "model_index.json", {
        "_class_name": "WanPipeline", "_diffusers_version": "0.40.0.dev0", "boundary_ratio": None, "expand_timesteps": True,
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"], "text_encoder": ["transformers", "UMT5EncoderModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"], "transformer": ["diffusers", "WanTransformer3DModel"],
        "transformer_2": [None, None], "vae": ["diffusers", "AutoencoderKLWan"]})
    height, width = preset.sizes[0]
    _json(to / "patchreel.json", {
        "width": width, "height": height, "frames": preset.frames, "frame_rate": int(preset.rate), "steps": chosen.steps,
        "guidance_scale": chosen.guidance, **language(model.vocabulary.words)})
    size = sum(path.stat().st_size for path in to.rglob("*") if path.is_file())
    print(f"{size / 1e6:.1f} MB")


def _vae(preset, chosen, to):
    vae = Vae(basis(chosen.data), preset.encoder, preset.decoder)
    if chosen.vae:
        vae.load_state_dict(torch.load(chosen.vae, map_location="cpu", weights_only=False)["average"], strict=False)
    _json(to / "config.json", {"_class_name": "AutoencoderKLWan", "_diffusers_version": "0.40.0.dev0", **vae.config})
    _weights(vae.state_dict(), to / "diffusion_pytorch_model.safetensors", torch.float16)


def _text(preset, model, to):
    settings = model.text.config
    shared = {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0}
    names = ("vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_heads", "relative_attention_num_buckets",
             "relative_attention_max_distance", "layer_norm_epsilon", "feed_forward_proj", "dropout_rate")
    _json(to / "text_encoder" / "config.json", {
        "architectures": ["UMT5EncoderModel"], "model_type": "umt5", "is_encoder_decoder": True, "dense_act_fn": "gelu_new",
        "is_gated_act": True, "scalable_attention": True, "tie_word_embeddings": False, "num_decoder_layers": settings.num_layers,
        "torch_dtype": "bfloat16", **shared, **{name: getattr(settings, name) for name in names}})
    tensors = {k: v for k, v in model.text.state_dict().items() if k != "encoder.embed_tokens.weight"}
    _weights(tensors, to / "text_encoder" / "model.safetensors", torch.bfloat16)
    known = model.vocabulary
    tokenizer = Tokenizer(WordLevel(known.ids, unk_token="<unk>"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in SPECIAL])
    tokenizer.save(str(to / "tokenizer" / "tokenizer.json"))
    _json(to / "tokenizer" / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>",
        "model_max_length": preset.text_length, "padding_side": "right", "clean_up_tokenization_spaces": False})
    _json(to / "tokenizer" / "special_tokens_map.json", {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"})
    for text in ("A red ball rolls, from left to right.", "an unknownword cube - static shot", ""):
        ids, mask = known.encode([text])
        if tokenizer.encode(text).ids != ids[0][mask[0] == 1].tolist():
            raise ValueError(f"the tokenizer reads “{text}” in another way than in training")


def _weights(tensors, path, kind):
    save_file({name: tensor.to(kind).contiguous() for name, tensor in tensors.items()}, path, {"format": "pt"})


def _json(path, value):
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
