"""The text encoder: a small UMT5 encoder and a tokenizer that knows every word of the world's descriptions.

UMT5: Chung et al., UniMax, https://arxiv.org/abs/2304.09151; used as by Wan, https://arxiv.org/abs/2503.20314.
"""
import torch
from transformers import UMT5Config, UMT5EncoderModel

from world.caption import vocabulary, words

SPECIAL = ("<pad>", "</s>", "<unk>")
BEHIND = 16
"""Where the distances of words behind begin among those that attention tells apart; ahead of it are those of words before."""
EXTRA = "a an the and with of in at to it is two objects object video clip scene slow fast gently".split()


class Vocabulary:
    """Words and their numbers; `encode` gives ids and mask [B, length], cut off at `length` and ended by </s>."""

    def __init__(self, length: int):
        self.length = length
        self.words = [*SPECIAL, *sorted(set(vocabulary()) | set(EXTRA))]
        self.ids = {word: index for index, word in enumerate(self.words)}

    def encode(self, texts):
        ids = torch.zeros(len(texts), self.length, dtype=torch.long)
        for row, text in enumerate(texts):
            known = [self.ids.get(word, 2) for word in words(text)][: self.length - 1] + [1]
            ids[row, : len(known)] = torch.tensor(known)
        return ids, (ids != 0).long()


def text_encoder(size: int, width: int) -> UMT5EncoderModel:
    """With weights of chance, but for where its heads look at first: one at the word before, one at the word behind, one at
    both sides, one anywhere. Without it the order of words takes very long to learn."""
    encoder = UMT5EncoderModel(UMT5Config(
        vocab_size=size, d_model=width, d_kv=width // 4, d_ff=2 * width, num_layers=2, num_heads=4,
        relative_attention_num_buckets=2 * BEHIND, relative_attention_max_distance=128, dropout_rate=0.0, layer_norm_epsilon=1e-6,
        feed_forward_proj="gated-gelu", tie_word_embeddings=False, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
    ))
    with torch.no_grad():
        for block in encoder.encoder.block:
            bias = block.layer[0].SelfAttention.relative_attention_bias.weight
            bias[1, 0] += 4
            bias[BEHIND + 1, 1] += 4
            bias[1:4, 2] += 2
            bias[BEHIND + 1 : BEHIND + 4, 2] += 2
    return encoder


def embed(encoder, known: Vocabulary, texts, device):
    """[B, length, width]; rows behind the end are zero, and count in the cross-attention, as in Wan."""
    ids, mask = known.encode(texts)
    ids, mask = ids.to(device), mask.to(device)
    return encoder(input_ids=ids, attention_mask=mask).last_hidden_state * mask.unsqueeze(-1)
