"""The numbers in which networks calculate while they are trained; their weights are always float32."""
import functools

import torch


@functools.cache
def fast(device) -> torch.dtype:
    """bfloat16 on a GPU and on processors that calculate in it; the others would only imitate it, four times slower than
    float32."""
    imitated = torch.device(device).type == "cpu" and not torch.cpu._is_avx512_bf16_supported()
    return torch.float32 if imitated else torch.bfloat16
