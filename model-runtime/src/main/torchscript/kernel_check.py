# Compares each kernel with a slow computation in float64. Every method returns the largest difference, relative to the
# largest value, as a tensor of one element; no number if the kernel's result has one that is none.
class KernelCheck(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Values in (-1, 1) that depend on the place alone: the engine's random generator belongs to generations.
  def values(self, shape: List[int], frequency: float, like: Tensor) -> Tensor:
    count = 1
    for n in shape:
      count = count * n
    i = torch.arange(count, dtype=7, device=ops.prim.device(like))
    return torch.type_as(torch.reshape(torch.sin(torch.mul(i, frequency)), shape), like)

  def difference(self, y: Tensor, reference: Tensor) -> Tensor:
    d = torch.max(torch.abs(torch.sub(torch.to(y, 7), reference)))
    return torch.reshape(torch.to(torch.div(d, torch.clamp_min(torch.max(torch.abs(reference)), 1e-6)), 6), [1])

  # What convolutions are compared with, in float64: products summed over the kernel's places, one after the other.
  def reference_convolution(self, x: Tensor, weight: Tensor, bias: Tensor, stride: List[int], padding: List[int]) -> Tensor:
    y = torch.to(x, 7)
    w = torch.to(weight, 7)
    if torch.eq(torch.dim(x), 4):
      y = torch.unsqueeze(y, 2)
      w = torch.unsqueeze(w, 2)
      stride = torch.add([1], stride)
      padding = torch.add([0], padding)
    y = torch.constant_pad_nd(y, [padding[2], padding[2], padding[1], padding[1], padding[0], padding[0]])
    t = torch.floordiv(torch.size(y, 2) - torch.size(w, 2), stride[0]) + 1
    h = torch.floordiv(torch.size(y, 3) - torch.size(w, 3), stride[1]) + 1
    v = torch.floordiv(torch.size(y, 4) - torch.size(w, 4), stride[2]) + 1
    result = torch.repeat(torch.reshape(torch.to(bias, 7), [1, -1, 1, 1, 1]), [1, 1, t, h, v])
    for i in range(torch.size(w, 2)):
      for j in range(torch.size(w, 3)):
        for k in range(torch.size(w, 4)):
          part = torch.slice(y, 2, i, i + (t - 1) * stride[0] + 1, stride[0])
          part = torch.slice(part, 3, j, j + (h - 1) * stride[1] + 1, stride[1])
          part = torch.slice(part, 4, k, k + (v - 1) * stride[2] + 1, stride[2])
          place = torch.select(torch.select(torch.select(w, 4, k), 3, j), 2, i)
          products = torch.mul(torch.unsqueeze(part, 1), torch.reshape(place, [1, torch.size(w, 0), torch.size(w, 1), 1, 1, 1]))
          result = torch.add(result, torch.sum(products, [2]))
    if torch.eq(torch.dim(x), 4):
      result = torch.squeeze(result, 2)
    return result

  # kernel: 2 or 3 sizes; extent: those of the input
  def convolution(self, like: Tensor, inputs: int, outputs: int, kernel: List[int], extent: List[int], stride: List[int], padding: List[int]) -> Tensor:
    x = self.values(torch.add([1, inputs], extent), 0.7, like)
    w = self.values(torch.add([outputs, inputs], kernel), 1.3, like)
    b = self.values([outputs], 2.1, like)
    y = __torch__.kernels.convolution(x, w, b, stride, padding)
    return self.difference(y, self.reference_convolution(x, w, b, stride, padding))

  def linear(self, like: Tensor, inputs: int, outputs: int, rows: int) -> Tensor:
    x = self.values([1, rows, inputs], 0.7, like)
    w = self.values([outputs, inputs], 1.3, like)
    b = self.values([outputs], 2.1, like)
    products = torch.mul(torch.unsqueeze(torch.to(x, 7), 2), torch.to(w, 7))
    return self.difference(__torch__.kernels.linear(x, w, b), torch.add(torch.sum(products, [-1]), torch.to(b, 7)))

  # Relative to the largest sum of absolute products: rounding is small beside what cancels out.
  def int8_linear(self, like: Tensor, inputs: int, outputs: int, rows: int) -> Tensor:
    x = self.values([1, rows, inputs], 0.7, like)
    w = torch.to(torch.round(torch.mul(self.values([outputs, inputs], 1.3, like), 127)), 1)
    step = torch.add(torch.to(self.values([outputs], 0.9, like), 7), 2)
    b = self.values([outputs], 2.1, like)
    products = torch.mul(torch.unsqueeze(torch.to(x, 7), 2), torch.mul(torch.to(w, 7), torch.unsqueeze(step, 1)))
    y = torch.to(__torch__.kernels.int8_linear(x, w, step, b), 7)
    d = torch.max(torch.abs(torch.sub(y, torch.add(torch.sum(products, [-1]), torch.to(b, 7)))))
    return torch.reshape(torch.to(torch.div(d, torch.clamp_min(torch.max(torch.sum(torch.abs(products), [-1])), 1e-6)), 6), [1])

  def attention(self, like: Tensor, size: int, rows: int, keys: int, masked: bool) -> Tensor:
    q = self.values([1, 2, rows, size], 0.7, like)
    k = self.values([1, 2, keys, size], 1.3, like)
    v = self.values([1, 2, keys, size], 2.1, like)
    products = torch.mul(torch.unsqueeze(torch.to(q, 7), 3), torch.unsqueeze(torch.to(k, 7), 2))
    scores = torch.sum(products, [-1])
    if masked:
      mask = self.values([1, 2, rows, keys], 3.1, like)
      weights = torch.softmax(torch.add(scores, torch.to(mask, 7)), -1)
      y = __torch__.kernels.attention(q, k, v, mask, 1.0)
    else:
      weights = torch.softmax(torch.mul(scores, torch.pow(size, -0.5)), -1)
      y = __torch__.kernels.attention(q, k, v, None, None)
    return self.difference(y, torch.sum(torch.mul(torch.unsqueeze(weights, -1), torch.unsqueeze(torch.to(v, 7), 2)), [3]))

  def layer_norm(self, like: Tensor, size: int) -> Tensor:
    x = self.values([1, 5, size], 0.7, like)
    w = self.values([size], 1.3, like)
    b = self.values([size], 2.1, like)
    y = torch.to(x, 7)
    y = torch.sub(y, torch.mean(y, [-1], True))
    y = torch.mul(y, torch.rsqrt(torch.add(torch.mean(torch.mul(y, y), [-1], True), 1e-6)))
    y = torch.add(torch.mul(y, torch.to(w, 7)), torch.to(b, 7))
    return self.difference(__torch__.kernels.layer_norm(x, w, b, 1e-6), y)

  # The vector mathematics of the engine choose their code in the first call of each function, and calls of several threads
  # at that moment can take a less exact one (https://github.com/pytorch/pytorch/issues/188792): one element, one thread.
  def warm_up(self, like: Tensor) -> Tensor:
    x = torch.to(torch.ones_like(like), 6)
    x = torch.exp(torch.neg(torch.log(torch.add(torch.abs(torch.sin(x)), torch.abs(torch.cos(x))))))
    x = torch.tanh(torch.rsqrt(torch.sqrt(torch.add(torch.abs(torch.erf(x)), 1))))
    return torch.reshape(torch.gelu(torch.silu(x)), [1])
