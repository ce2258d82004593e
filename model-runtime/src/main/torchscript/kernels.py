# Kernels of the engine that a processor may get wrong, as free functions: the networks call them as __torch__.kernels.NAME.
# Each has a slow twin, slow_NAME, that takes other code of the engine; which of the two runs is chosen when a network is
# loaded, by a comparison on this machine (KernelCheck).

# Convolution over 2 or 3 dimensions. x (B, C, ..., H, W), weight (O, C, ..., h, w); stride and padding for each dimension.
def convolution(x: Tensor, weight: Tensor, bias: Tensor, stride: List[int], padding: List[int]) -> Tensor:
  ones = torch.mul([1], torch.len(stride))
  if ops.prim.is_cuda(x):
    return torch.convolution(x, weight, bias, stride, padding, ones, False, torch.mul([0], torch.len(stride)), 1)
  # oneDNN 3.7 lays channels out in blocks of 8 or 16 and leaves what is missing in the last of several blocks unset
  # (https://github.com/uxlfoundation/oneDNN/issues/3280): zeros fill it up here.
  channels = torch.size(x, 1)
  missing = torch.remainder(torch.neg(channels), 16)
  if channels > 8 and missing > 0:
    x = __torch__.kernels.with_zero_channels(x, missing)
    weight = __torch__.kernels.with_zero_channels(weight, missing)
  # Called directly: for small inputs the dispatcher would choose a kernel that is several times slower, or NNPACK.
  return torch.mkldnn_convolution(x, weight, bias, padding, stride, ones, 1)

def with_zero_channels(x: Tensor, count: int) -> Tensor:
  shape = torch.size(x)
  shape[1] = count
  return torch.cat([x, torch.new_zeros(x, shape)], 1)

def slow_convolution(x: Tensor, weight: Tensor, bias: Tensor, stride: List[int], padding: List[int]) -> Tensor:
  planar = torch.eq(torch.dim(x), 4)
  y = torch.to(x, 6)
  w = torch.to(weight, 6)
  if planar:
    y = torch.unsqueeze(y, 2)
    w = torch.unsqueeze(w, 2)
    stride = torch.add([1], stride)
    padding = torch.add([0], padding)
  kernel = [torch.size(w, 2), torch.size(w, 3), torch.size(w, 4)]
  y = torch.slow_conv3d(y, w, kernel, torch.to(bias, 6), stride, padding)
  if planar:
    y = torch.squeeze(y, 2)
  return torch.type_as(y, x)

# x (..., I), weight (O, I) -> (..., O)
def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.linear(x, weight, bias)

def slow_linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  y = torch.matmul(torch.to(x, 7), torch.t(torch.to(weight, 7)))
  if torch.__isnot__(bias, None):
    y = torch.add(y, unchecked_cast(Tensor, bias))
  return torch.type_as(y, x)

# x (..., I) in float32, weight (O, I) of 8-bit integers, each row a multiple of its step (O), float64 -> (..., O). x is rounded
# to 7 bits of its range: with 8, sums of pairs overflow on processors without VNNI.
def int8_linear(x: Tensor, weight: Tensor, step: Tensor, bias: Optional[Tensor]) -> Tensor:
  rows = torch._make_per_channel_quantized_tensor(weight, step, torch.zeros_like(step, dtype=4), 0)
  # The engine refuses a range that is none: here what is not finite spoils all, so that it is found at the end of the step.
  spoilt = torch.sum(torch.mul(x, 0))
  finite = torch.nan_to_num(x, 0.0, 0.0, 0.0)
  return torch.add(ops.quantized.linear_dynamic(finite, ops.quantized.linear_prepack(rows, bias), True), spoilt)

def slow_int8_linear(x: Tensor, weight: Tensor, step: Tensor, bias: Optional[Tensor]) -> Tensor:
  return __torch__.kernels.slow_linear(x, torch.mul(torch.to(weight, 7), torch.unsqueeze(step, 1)), bias)

# query (B, H, L, d), key and value (B, H, K, d), mask added to the scores -> (B, H, L, d)
def attention(query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor], scale: Optional[float]) -> Tensor:
  # The engine makes zeros of scores that are NaN (https://github.com/pytorch/pytorch/issues/141128): here NaN spoils the
  # values too, so that it is found at the end of the step. A weight that is NaN spoils every row: one row is asked.
  spoilt = torch.add(torch.sum(torch.select(query, 2, 0)), torch.sum(torch.select(key, 2, 0)))
  if torch.__isnot__(mask, None):
    spoilt = torch.add(spoilt, torch.max(unchecked_cast(Tensor, mask)))
  return torch.scaled_dot_product_attention(query, key, torch.add(value, torch.mul(spoilt, 0)), mask, scale=scale)

def slow_attention(query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor], scale: Optional[float]) -> Tensor:
  factor = torch.pow(torch.size(query, -1), -0.5)
  if torch.__isnot__(scale, None):
    factor = unchecked_cast(float, scale)
  q = torch.mul(torch.to(query, 7), factor)
  k = torch.transpose(torch.to(key, 7), 2, 3)
  v = torch.to(value, 7)
  rows = annotate(List[Tensor], [])
  # some rows at a time: the scores of all would not fit into memory
  for i in range(torch.floordiv(torch.size(query, 2) + 127, 128)):
    scores = torch.matmul(torch.slice(q, 2, i * 128, (i + 1) * 128), k)
    if torch.__isnot__(mask, None):
      bias = unchecked_cast(Tensor, mask)
      if torch.size(bias, 2) > 1:
        bias = torch.slice(bias, 2, i * 128, (i + 1) * 128)
      scores = torch.add(scores, bias)
    torch.append(rows, torch.matmul(torch.softmax(scores, -1), v))
  return torch.type_as(torch.cat(rows, 2), query)

# Over the last dimension.
def layer_norm(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], eps: float) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], weight, bias, eps)

def slow_layer_norm(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], eps: float) -> Tensor:
  y = torch.to(x, 7)
  y = torch.sub(y, torch.mean(y, [-1], True))
  y = torch.div(y, torch.sqrt(torch.add(torch.mean(torch.mul(y, y), [-1], True), eps)))
  if torch.__isnot__(weight, None):
    y = torch.mul(y, unchecked_cast(Tensor, weight))
  if torch.__isnot__(bias, None):
    y = torch.add(y, unchecked_cast(Tensor, bias))
  return torch.type_as(y, x)
