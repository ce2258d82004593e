# AutoencoderKLWan (2.1 and 2.2) in the dialect of serialised TorchScript. Tensors are (B, C, T, H, W). The structure is
# read off the names of the weights: which blocks there are, where a block resamples in space, and where in time too.
#
# Every causal convolution remembers the last frames it saw. `memory` holds these, in the order of use; an empty memory
# means the first chunk, one frame: zeros stand for the past, and convolutions that only resample time are passed over. A chunk
# takes its memories from the front of the list and appends their successors at its end.
class Vae(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Convolution without temporal padding; kernel (t, h, w) "same" in space.
  def conv3d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int) -> Tensor:
    pad = [0, torch.floordiv(torch.size(weight, 3), 2), torch.floordiv(torch.size(weight, 4), 2)]
    return __torch__.kernels.convolution(x, weight, bias, [stride, 1, 1], pad)

  # Kernel 3 in time, looking back only: the last two frames of the past stand before the chunk.
  def causal(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    weight = w[p + ".weight"]
    bias = w[p + ".bias"]
    if first:
      # one frame with zeros before it: only the kernel's last slice sees anything
      torch.append(memory, torch.cat([torch.zeros_like(x), x], 2))
      return self.conv3d(x, torch.slice(weight, 2, -1), bias, 1)
    y = torch.cat([torch.pop(memory, 0), x], 2)
    torch.append(memory, torch.slice(y, 2, -2))
    return self.conv3d(y, weight, bias, 1)

  def pointwise(self, x: Tensor, w: Dict[str, Tensor], p: str) -> Tensor:
    return self.conv3d(x, w[p + ".weight"], w[p + ".bias"], 1)

  # x / |x| * sqrt(C) * gamma over the channels, in float32
  def rms_norm(self, x: Tensor, gamma: Tensor) -> Tensor:
    y = torch.to(x, 6)
    n = torch.clamp_min(torch.linalg_vector_norm(y, 2, [1], True), 1e-12)
    scale = torch.mul(torch.reshape(torch.to(gamma, 6), [1, -1, 1, 1, 1]), torch.pow(torch.size(x, 1), 0.5))
    return torch.type_as(torch.mul(torch.div(y, n), scale), x)

  def residual(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    y = self.causal(torch.silu(self.rms_norm(x, w[p + ".norm1.gamma"])), memory, first, w, p + ".conv1")
    y = self.causal(torch.silu(self.rms_norm(y, w[p + ".norm2.gamma"])), memory, first, w, p + ".conv2")
    if (p + ".conv_shortcut.weight") in w:
      return torch.add(y, self.pointwise(x, w, p + ".conv_shortcut"))
    return torch.add(y, x)

  # (B, C, T, H, W) -> (B*T, C, H, W)
  def frames(self, x: Tensor) -> Tensor:
    return torch.flatten(torch.transpose(x, 1, 2), 0, 1)

  # and back
  def clip(self, x: Tensor, batch: int) -> Tensor:
    return torch.transpose(torch.unflatten(x, 0, [batch, -1]), 1, 2)

  # Self-attention among the pixels of each frame, one head.
  def attention(self, x: Tensor, w: Dict[str, Tensor], p: str) -> Tensor:
    b, c, t, h, v = torch.size(x)
    y = self.frames(self.rms_norm(x, w[p + ".norm.gamma"]))
    qkv = __torch__.kernels.convolution(y, w[p + ".to_qkv.weight"], w[p + ".to_qkv.bias"], [1, 1], [0, 0])
    q, k, u = torch.chunk(torch.unsqueeze(torch.transpose(torch.flatten(qkv, 2), 1, 2), 1), 3, -1)
    y = torch.squeeze(__torch__.kernels.attention(torch.contiguous(q), torch.contiguous(k), torch.contiguous(u), None, None), 1)
    y = torch.reshape(torch.transpose(y, 1, 2), [b * t, c, h, v])
    y = __torch__.kernels.convolution(y, w[p + ".proj.weight"], w[p + ".proj.bias"], [1, 1], [0, 0])
    return torch.add(x, self.clip(y, b))

  def middle(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    x = self.residual(x, memory, first, w, p + ".resnets.0")
    x = self.attention(x, w, p + ".attentions.0")
    return self.residual(x, memory, first, w, p + ".resnets.1")

  # Twice the size, and twice the frames where there is a time convolution and a past.
  def upsample(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    b, c, t, h, v = torch.size(x)
    if (p + ".time_conv.weight") in w:
      if first:
        torch.append(memory, torch.new_zeros(x, [b, c, 2, h, v]))
      else:
        y = torch.cat([torch.pop(memory, 0), x], 2)
        torch.append(memory, torch.slice(y, 2, -2))
        y = torch.reshape(self.conv3d(y, w[p + ".time_conv.weight"], w[p + ".time_conv.bias"], 1), [b, 2, c, t, h, v])
        x = torch.reshape(torch.permute(y, [0, 2, 3, 1, 4, 5]), [b, c, 2 * t, h, v])
    y = self.frames(x)
    y = torch.type_as(torch._upsample_nearest_exact2d(torch.to(y, 6), [2 * h, 2 * v]), y)
    y = __torch__.kernels.convolution(y, w[p + ".resample.1.weight"], w[p + ".resample.1.bias"], [1, 1], [1, 1])
    return self.clip(y, b)

  # Half the size, and half the frames where there is a time convolution and a past.
  def downsample(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    y = torch.constant_pad_nd(self.frames(x), [0, 1, 0, 1])
    y = __torch__.kernels.convolution(y, w[p + ".resample.1.weight"], w[p + ".resample.1.bias"], [2, 2], [0, 0])
    y = self.clip(y, torch.size(x, 0))
    if (p + ".time_conv.weight") in w:
      last = torch.slice(y, 2, -1)
      if not first:
        y = self.conv3d(torch.cat([torch.pop(memory, 0), y], 2), w[p + ".time_conv.weight"], w[p + ".time_conv.bias"], 2)
      torch.append(memory, last)
    return y

  # Shortcut of a 2.2 down block: groups of neighbours in time, space and channels are averaged into `channels`.
  def average(self, x: Tensor, channels: int, time: int, space: int) -> Tensor:
    b, c, t, h, v = torch.size(x)
    missing = torch.remainder(torch.neg(t), time)
    x = torch.constant_pad_nd(x, [0, 0, 0, 0, missing, 0])
    t = torch.floordiv(t + missing, time)
    x = torch.reshape(x, [b, c, t, time, torch.floordiv(h, space), space, torch.floordiv(v, space), space])
    x = torch.permute(x, [0, 1, 3, 5, 7, 2, 4, 6])
    x = torch.reshape(x, [b, channels, -1, t, torch.floordiv(h, space), torch.floordiv(v, space)])
    return torch.mean(x, [2])

  # Shortcut of a 2.2 up block: channels are repeated and spread over time and space.
  def duplicate(self, x: Tensor, channels: int, time: int, space: int, first: bool) -> Tensor:
    b, c, t, h, v = torch.size(x)
    x = torch.repeat_interleave(x, torch.floordiv(channels * time * space * space, c), 1)
    x = torch.reshape(x, [b, channels, time, space, space, t, h, v])
    x = torch.permute(x, [0, 1, 5, 2, 6, 3, 7, 4])
    x = torch.reshape(x, [b, channels, t * time, h * space, v * space])
    if first:
      x = torch.slice(x, 2, time - 1)
    return x

  def down_block(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    y = x
    i = 0
    while (p + ".resnets." + str(i) + ".conv1.weight") in w:
      y = self.residual(y, memory, first, w, p + ".resnets." + str(i))
      i = i + 1
    space = 1
    time = 1
    if (p + ".downsampler.resample.1.weight") in w:
      space = 2
      if (p + ".downsampler.time_conv.weight") in w:
        time = 2
      y = self.downsample(y, memory, first, w, p + ".downsampler")
    return torch.add(y, self.average(x, torch.size(y, 1), time, space))

  def up_block(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], p: str) -> Tensor:
    y = x
    i = 0
    while (p + ".resnets." + str(i) + ".conv1.weight") in w:
      y = self.residual(y, memory, first, w, p + ".resnets." + str(i))
      i = i + 1
    if (p + ".upsamplers.0.resample.1.weight") in w:
      y = self.upsample(y, memory, first, w, p + ".upsamplers.0")
    if (p + ".upsampler.resample.1.weight") in w:
      time = 1
      if (p + ".upsampler.time_conv.weight") in w:
        time = 2
      y = self.upsample(y, memory, first, w, p + ".upsampler")
      y = torch.add(y, self.duplicate(x, torch.size(y, 1), time, 2, first))
    return y

  # A chunk of pixels (B, C, 1 or 4, H, W) in [-1, 1], patched -> moments of one latent frame (B, 2z, 1, h, w).
  def encode(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor]) -> Tuple[Tensor, List[Tensor]]:
    x = self.causal(torch.type_as(x, w["quant_conv.weight"]), memory, first, w, "encoder.conv_in")
    i = 0
    p = "encoder.down_blocks.0"
    more = True
    while more:
      if (p + ".resnets.0.conv1.weight") in w:
        x = self.down_block(x, memory, first, w, p)
      elif (p + ".conv1.weight") in w:
        x = self.residual(x, memory, first, w, p)
      elif (p + ".resample.1.weight") in w:
        x = self.downsample(x, memory, first, w, p)
      else:
        more = False
      i = i + 1
      p = "encoder.down_blocks." + str(i)
    x = self.middle(x, memory, first, w, "encoder.mid_block")
    x = torch.silu(self.rms_norm(x, w["encoder.norm_out.gamma"]))
    x = self.causal(x, memory, first, w, "encoder.conv_out")
    return (torch.to(self.pointwise(x, w, "quant_conv"), 6), memory)

  # One latent frame (B, z, 1, h, w) -> 1 or 4 frames (B, C, t, H, W), still patched, not clamped: decode_in, then decode_block
  # for each of the blocks, then decode_out.
  def decode_in(self, z: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor]) -> Tuple[Tensor, List[Tensor]]:
    x = self.pointwise(torch.type_as(z, w["post_quant_conv.weight"]), w, "post_quant_conv")
    x = self.causal(x, memory, first, w, "decoder.conv_in")
    return (self.middle(x, memory, first, w, "decoder.mid_block"), memory)

  def decode_block(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor], i: int) -> Tuple[Tensor, List[Tensor]]:
    return (self.up_block(x, memory, first, w, "decoder.up_blocks." + str(i)), memory)

  def decode_out(self, x: Tensor, memory: List[Tensor], first: bool, w: Dict[str, Tensor]) -> Tuple[Tensor, List[Tensor]]:
    x = torch.silu(self.rms_norm(x, w["decoder.norm_out.gamma"]))
    return (torch.to(self.causal(x, memory, first, w, "decoder.conv_out"), 6), memory)

  # A list of its own for each call: of an empty literal the compiler would make one constant, shared by all.
  def no_memory(self, like: Tensor) -> List[Tensor]:
    memory = [like]
    torch.clear(memory)
    return memory

  # (B, C, T, H, W) -> (B, C*p*p, T, H/p, W/p), channels in the order (c, column, row)
  def patch(self, x: Tensor, p: int) -> Tensor:
    b, c, t, h, v = torch.size(x)
    x = torch.reshape(x, [b, c, t, torch.floordiv(h, p), p, torch.floordiv(v, p), p])
    return torch.reshape(torch.permute(x, [0, 1, 6, 4, 2, 3, 5]), [b, c * p * p, t, torch.floordiv(h, p), torch.floordiv(v, p)])

  # and back
  def unpatch(self, x: Tensor, p: int) -> Tensor:
    b, c, t, h, v = torch.size(x)
    x = torch.reshape(x, [b, torch.floordiv(c, p * p), p, p, t, h, v])
    return torch.reshape(torch.permute(x, [0, 1, 4, 5, 3, 6, 2]), [b, torch.floordiv(c, p * p), t, h * p, v * p])

  # The last `extent` rows (dim 3) or columns (dim 4) of `before` fade into the first of `x`.
  def blend(self, before: Tensor, x: Tensor, extent: int, dim: int) -> Tensor:
    n = min(extent, min(torch.size(before, dim), torch.size(x, dim)))
    shape = [1, 1, 1, 1, 1]
    shape[dim] = n
    ramp = torch.reshape(torch.div(torch.arange(n, dtype=6, device=ops.prim.device(x)), n), shape)
    a = torch.mul(torch.slice(before, dim, torch.size(before, dim) - n), torch.rsub(ramp, 1))
    mixed = torch.add(a, torch.mul(torch.slice(x, dim, 0, n), ramp))
    return torch.cat([mixed, torch.slice(x, dim, n)], dim)

  # Pixels (1, 3, T, H, W) in [-1, 1] -> bytes (T, H, W, 3)
  def to_bytes(self, x: Tensor) -> Tensor:
    y = torch.permute(torch.squeeze(x, 0), [1, 2, 3, 0])
    y = torch.round(torch.mul(torch.add(torch.clamp(y, -1., 1.), 1.), 127.5))
    return torch.contiguous(torch.to(y, 0))
