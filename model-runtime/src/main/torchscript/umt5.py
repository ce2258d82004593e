# UMT5EncoderModel in the dialect of serialised TorchScript. Every layer has a relative position bias of its own; scores
# are not scaled by 1/sqrt(d); norms and the last projection of the feed-forward layer are computed in float32.
class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def norm(self, x: Tensor, weight: Tensor, eps: float) -> Tensor:
    y = torch.to(x, 6)
    r = torch.rsqrt(torch.add(torch.mean(torch.mul(y, y), [-1], True), eps))
    return torch.type_as(torch.mul(torch.mul(y, r), torch.to(weight, 6)), x)

  # Bucket of each distance key - query, (K, K): the sign chooses the half, near distances have a bucket each, far ones
  # share logarithmically wider ones.
  def buckets(self, length: int, count: int, farthest: int, like: Tensor) -> Tensor:
    i = torch.arange(length, dtype=4, device=ops.prim.device(like))
    distance = torch.sub(torch.unsqueeze(i, 0), torch.unsqueeze(i, 1))
    half = torch.floordiv(count, 2)
    exact = torch.floordiv(half, 2)
    far = torch.abs(distance)
    scaled = torch.div(torch.log(torch.div(torch.to(torch.clamp_min(far, 1), 6), exact)), torch.log(torch.div(farthest, exact)))
    bucket = torch.clamp_max(torch.add(torch.to(torch.mul(scaled, half - exact), 4), exact), half - 1)
    bucket = torch.where(torch.lt(far, exact), far, bucket)
    return torch.add(bucket, torch.mul(torch.to(torch.gt(distance, 0), 4), half))

  # (1, H, K, K)
  def bias(self, buckets: Tensor, weight: Tensor) -> Tensor:
    return torch.unsqueeze(torch.permute(torch.embedding(weight, buckets), [2, 0, 1]), 0)

  def heads(self, x: Tensor, n: int) -> Tensor:
    return torch.transpose(torch.unflatten(x, 2, [n, -1]), 1, 2)

  # hidden: additive, (B, 1, 1, K), the smallest number where a token is padding
  def layer(self, x: Tensor, buckets: Tensor, hidden: Tensor, w: Dict[str, Tensor], p: str, n: int, eps: float) -> Tensor:
    a = p + ".layer.0.SelfAttention"
    y = self.norm(x, w[p + ".layer.0.layer_norm.weight"], eps)
    q = self.heads(__torch__.weights.linear(y, w, a + ".q", None), n)
    k = self.heads(__torch__.weights.linear(y, w, a + ".k", None), n)
    v = self.heads(__torch__.weights.linear(y, w, a + ".v", None), n)
    mask = torch.add(self.bias(buckets, w[a + ".relative_attention_bias.weight"]), torch.type_as(hidden, y))
    y = __torch__.kernels.attention(q, k, v, mask, 1.0)
    x = torch.add(x, __torch__.weights.linear(torch.flatten(torch.transpose(y, 1, 2), 2), w, a + ".o", None))
    f = p + ".layer.1.DenseReluDense"
    y = self.norm(x, w[p + ".layer.1.layer_norm.weight"], eps)
    y = torch.mul(torch.gelu(__torch__.weights.linear(y, w, f + ".wi_0", None), approximate="tanh"), __torch__.weights.linear(y, w, f + ".wi_1", None))
    return torch.add(x, torch.type_as(__torch__.weights.linear(torch.to(y, 6), w, f + ".wo", None), x))

  # ids (B, K) and mask (B, K), both int64 -> (B, K, D) in float32; rows of padding are zero.
  def forward(self, ids: Tensor, mask: Tensor, layers: int, n: int, count: int, farthest: int, eps: float, w: Dict[str, Tensor]) -> Tensor:
    return torch.mul(self.states(ids, mask, layers, n, count, farthest, eps, w), torch.unsqueeze(torch.to(mask, 6), -1))

  def states(self, ids: Tensor, mask: Tensor, layers: int, n: int, count: int, farthest: int, eps: float, w: Dict[str, Tensor]) -> Tensor:
    x = torch.embedding(w["shared.weight"], ids)
    buckets = self.buckets(torch.size(ids, 1), count, farthest, ids)
    hidden = torch.mul(torch.rsub(torch.to(mask, 6), 1), -3.4028234663852886e+38)
    hidden = torch.unsqueeze(torch.unsqueeze(hidden, 1), 1)
    for i in range(layers):
      x = self.layer(x, buckets, hidden, w, "encoder.block." + str(i), n, eps)
    return torch.to(self.norm(x, w["encoder.final_layer_norm.weight"], eps), 6)
