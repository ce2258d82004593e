# WanTransformer3DModel in the dialect of serialised TorchScript: every argument is typed, operators are torch.<aten op>.
# The weights are a dictionary under the checkpoint's own (diffusers) names. Dtypes as in the scalar type table of ATen:
# 6 float32, 7 float64. Shapes: B batch, L tokens = f*h*w after patching, D width, H heads, K text tokens.
# Norms, modulation and rotary embedding are computed in float32 whatever the weights' type is.
class Transformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def linear(self, x: Tensor, w: Dict[str, Tensor], p: str) -> Tensor:
    return __torch__.weights.linear(x, w, p, w[p + ".bias"])

  def plain_norm(self, x: Tensor, eps: float) -> Tensor:
    return __torch__.kernels.layer_norm(torch.to(x, 6), None, None, eps)

  def affine_norm(self, x: Tensor, w: Dict[str, Tensor], p: str, eps: float) -> Tensor:
    y = __torch__.kernels.layer_norm(torch.to(x, 6), w[p + ".weight"], w[p + ".bias"], eps)
    return torch.type_as(y, x)

  # RMS norm over all heads at once: x * weight / sqrt(mean(x^2) + eps).
  def rms_norm(self, x: Tensor, weight: Tensor, eps: float) -> Tensor:
    y = torch.to(x, 6)
    n = torch.size(x, -1)
    s = torch.linalg_vector_norm(y, 2, [-1], True)
    r = torch.rsqrt(torch.add(torch.div(torch.mul(s, s), n), eps))
    return torch.type_as(torch.mul(torch.mul(y, r), weight), x)

  # (B, L, H*d) -> (B, H, L, d)
  def heads(self, x: Tensor, n: int) -> Tensor:
    return torch.transpose(torch.unflatten(x, 2, [n, -1]), 1, 2)

  # Rotates pairs of channels by complex unit factors of shape (L, d/2).
  def rotate(self, x: Tensor, rope: Tensor) -> Tensor:
    c = torch.view_as_complex(torch.unflatten(torch.to(x, 6), -1, [-1, 2]))
    return torch.type_as(torch.flatten(torch.view_as_real(torch.mul(c, rope)), -2), x)

  # cosine and sine (L, d/2, 2) -> complex (L, d/2)
  def turns(self, rope: Tensor) -> Tensor:
    return torch.view_as_complex(rope)

  def merge(self, x: Tensor) -> Tensor:
    return torch.flatten(torch.transpose(x, 1, 2), 2)

  def self_attention(self, x: Tensor, rope: Tensor, w: Dict[str, Tensor], p: str, n: int, eps: float) -> Tensor:
    q = self.heads(self.rms_norm(self.linear(x, w, p + ".to_q"), w[p + ".norm_q.weight"], eps), n)
    k = self.heads(self.rms_norm(self.linear(x, w, p + ".to_k"), w[p + ".norm_k.weight"], eps), n)
    v = self.heads(self.linear(x, w, p + ".to_v"), n)
    y = __torch__.kernels.attention(self.rotate(q, rope), self.rotate(k, rope), v, None, None)
    return self.linear(self.merge(y), w, p + ".to_out.0")

  # The last `text` tokens of the context are the prompt; those before them, if any, embed the conditioning image.
  def cross_attention(self, x: Tensor, context: Tensor, text: int, w: Dict[str, Tensor], p: str, n: int, eps: float) -> Tensor:
    images = torch.size(context, 1) - text
    prompt = torch.slice(context, 1, images)
    q = self.heads(self.rms_norm(self.linear(x, w, p + ".to_q"), w[p + ".norm_q.weight"], eps), n)
    k = self.heads(self.rms_norm(self.linear(prompt, w, p + ".to_k"), w[p + ".norm_k.weight"], eps), n)
    v = self.heads(self.linear(prompt, w, p + ".to_v"), n)
    y = self.merge(__torch__.kernels.attention(q, k, v, None, None))
    if (p + ".add_k_proj.bias") in w:
      image = torch.slice(context, 1, 0, images)
      k2 = self.heads(self.rms_norm(self.linear(image, w, p + ".add_k_proj"), w[p + ".norm_added_k.weight"], eps), n)
      v2 = self.heads(self.linear(image, w, p + ".add_v_proj"), n)
      y = torch.add(y, self.merge(__torch__.kernels.attention(q, k2, v2, None, None)))
    return self.linear(y, w, p + ".to_out.0")

  # modulation: (B or B*L rows as (B, 1 or L, 6, D)); returns x (B, L, D).
  def block(self, x: Tensor, context: Tensor, text: int, modulation: Tensor, rope: Tensor, w: Dict[str, Tensor], p: str, n: int, eps: float) -> Tensor:
    m = torch.unbind(torch.add(w[p + ".scale_shift_table"], torch.to(modulation, 6)), 2)
    h = torch.type_as(torch.addcmul(m[0], self.plain_norm(x, eps), torch.add(m[1], 1)), x)
    y = torch.type_as(torch.addcmul(torch.to(x, 6), torch.to(self.self_attention(h, rope, w, p + ".attn1", n, eps), 6), m[2]), x)
    h = y
    if (p + ".norm2.weight") in w:
      h = self.affine_norm(y, w, p + ".norm2", eps)
    y = torch.add(y, self.cross_attention(h, context, text, w, p + ".attn2", n, eps))
    h = torch.type_as(torch.addcmul(m[3], self.plain_norm(y, eps), torch.add(m[4], 1)), y)
    h = self.linear(torch.gelu(self.linear(h, w, p + ".ffn.net.0.proj"), approximate="tanh"), w, p + ".ffn.net.2")
    return torch.type_as(torch.addcmul(torch.to(y, 6), torch.to(h, 6), m[5]), y)

  # video (B, C, F, H, W) -> tokens (B, L, D), by the embedding of a name
  def patch(self, video: Tensor, size: List[int], p: str, w: Dict[str, Tensor]) -> Tensor:
    weight = w[p + ".weight"]
    x = torch.type_as(video, weight)
    b, c, f, h, v = torch.size(x)
    x = torch.reshape(x, [b, c, torch.floordiv(f, size[0]), size[0], torch.floordiv(h, size[1]), size[1], torch.floordiv(v, size[2]), size[2]])
    x = torch.reshape(torch.permute(x, [0, 2, 4, 6, 1, 3, 5, 7]), [b, -1, c * size[0] * size[1] * size[2]])
    return __torch__.kernels.linear(x, torch.flatten(weight, 1), w[p + ".bias"])

  # Sinusoidal embedding of timesteps (B, T), T = 1 or L, through the time embedder: (B, T, D).
  def time_embedding(self, timesteps: Tensor, frequencies: int, w: Dict[str, Tensor]) -> Tensor:
    half = torch.floordiv(frequencies, 2)
    i = torch.arange(half, dtype=6, device=ops.prim.device(timesteps))
    freqs = torch.exp(torch.div(torch.mul(i, -9.210340371976184), half))
    angles = torch.mul(torch.unsqueeze(torch.to(timesteps, 6), -1), freqs)
    e = torch.cat([torch.cos(angles), torch.sin(angles)], -1)
    e = torch.type_as(e, w["condition_embedder.time_embedder.linear_1.bias"])
    e = torch.silu(self.linear(e, w, "condition_embedder.time_embedder.linear_1"))
    e = self.linear(e, w, "condition_embedder.time_embedder.linear_2")
    return torch.type_as(e, w["condition_embedder.time_proj.bias"])

  # (B, T, D) -> (B, T, 6, D)
  def time_modulation(self, e: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return torch.unflatten(self.linear(torch.silu(e), w, "condition_embedder.time_proj"), 2, [6, -1])

  # (B, K, text width) -> (B, K, D)
  def embed_text(self, text: Tensor, w: Dict[str, Tensor]) -> Tensor:
    x = torch.type_as(text, w["condition_embedder.text_embedder.linear_1.bias"])
    x = torch.gelu(self.linear(x, w, "condition_embedder.text_embedder.linear_1"), approximate="tanh")
    return self.linear(x, w, "condition_embedder.text_embedder.linear_2")

  # Image features (B, N, image width) -> (B, N, D); first and last frame's come as a batch of 2 and become one row.
  def embed_image(self, image: Tensor, w: Dict[str, Tensor]) -> Tensor:
    p = "condition_embedder.image_embedder"
    x = torch.type_as(image, w[p + ".ff.net.0.proj.bias"])
    if (p + ".pos_embed") in w:
      x = torch.add(torch.reshape(x, [-1, 2 * torch.size(x, 1), torch.size(x, 2)]), w[p + ".pos_embed"])
    x = self.affine_norm(x, w, p + ".norm1", 1e-5)
    x = self.linear(torch.gelu(self.linear(x, w, p + ".ff.net.0.proj")), w, p + ".ff.net.2")
    return self.affine_norm(x, w, p + ".norm2", 1e-5)

  # Tokens (B, L, D) -> video (B, C, F, H, W)
  def head(self, x: Tensor, e: Tensor, grid: List[int], size: List[int], w: Dict[str, Tensor], eps: float) -> Tensor:
    m = torch.unbind(torch.add(torch.unsqueeze(w["scale_shift_table"], 0), torch.unsqueeze(torch.to(e, 6), 2)), 2)
    y = torch.type_as(torch.addcmul(m[0], self.plain_norm(x, eps), torch.add(m[1], 1)), x)
    y = self.linear(y, w, "proj_out")
    y = torch.reshape(y, [torch.size(x, 0), grid[0], grid[1], grid[2], size[0], size[1], size[2], -1])
    y = torch.permute(y, [0, 7, 1, 4, 2, 5, 3, 6])
    return torch.flatten(torch.flatten(torch.flatten(y, 6, 7), 4, 5), 2, 3)

  # video (B, C, F, H, W); timesteps (B, 1) or (B, L) -> tokens (B, L, D), and what steers them: embedded timesteps (B, T, D)
  # and their modulation (B, T, 6, D).
  def begin(self, video: Tensor, timesteps: Tensor, size: List[int], frequencies: int, w: Dict[str, Tensor]) -> Tuple[Tensor, List[Tensor]]:
    e = self.time_embedding(timesteps, frequencies, w)
    return (self.patch(video, size, "patch_embedding", w), [e, self.time_modulation(e, w)])

  # One layer. context (B, N + K, D) from embed_image and embed_text; rope (L, d/2, 2), cosine and sine.
  def layer(self, x: Tensor, steering: List[Tensor], context: Tensor, text: int, rope: Tensor, p: str, n: int, eps: float, w: Dict[str, Tensor]) -> Tensor:
    return self.block(x, context, text, steering[1], self.turns(rope), w, p, n, eps)

  # VACE: the condition (B, C, F, H, W) of the tokens x (B, L, D), before any layer -> the first control tokens (B, L, D)
  def begin_control(self, condition: Tensor, x: Tensor, size: List[int], w: Dict[str, Tensor]) -> Tensor:
    return torch.add(self.linear(self.patch(condition, size, "vace_patch_embedding", w), w, "vace_blocks.0.proj_in"), x)

  # The tokens x behind a layer, moved by the control tokens c that block p has led to.
  def hint(self, x: Tensor, c: Tensor, p: str, scale: float, w: Dict[str, Tensor]) -> Tensor:
    return torch.add(x, torch.mul(self.linear(c, w, p + ".proj_out"), scale))

  # Tokens -> the predicted velocity (B, C', F, H, W) in float32; grid: patches along F, H, W.
  def end(self, x: Tensor, steering: List[Tensor], grid: List[int], size: List[int], eps: float, w: Dict[str, Tensor]) -> Tensor:
    return torch.to(self.head(x, steering[0], grid, size, w, eps), 6)
