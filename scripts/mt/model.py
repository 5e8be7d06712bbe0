"""The translation model in plain torch: Marian's architecture, laid out for fast training.

A post-norm transformer with sinusoidal positions, scaled and fully tied embeddings, and relu, as in
`transformers.MarianMTModel`, whose parameter names it uses, so that exporting is a copy. The decoder
starts from `<pad>`, the last entry of the vocabulary, whose embedding is zero and which is never predicted.
Half of the joint vocabulary never occurs in English and is left out of the softmax. The softmax, its loss and
its gradient are computed together in slices, so that the logits of a batch never exist at once.
"""

# torch is not followed by mypy, so its base classes and decorators are untyped
# mypy: disable-error-code="misc,untyped-decorator"

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

EOS = 0


@dataclass(frozen=True)
class Shape:
    """Sizes of a model; `vocabulary` counts `<pad>`."""

    vocabulary: int
    width: int = 256
    inner: int = 1024
    heads: int = 4
    encoder_layers: int = 6
    decoder_layers: int = 2
    positions: int = 512
    dropout: float = 0.0


class Attention(nn.Module):
    """Multi-head attention; returns also the queries and keys so that a caller can guide them."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(shape.width, shape.width))

    def split(self, states: Tensor) -> Tensor:
        """Reshape (batch, length, width) into (batch, heads, length, width / heads)."""
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def project(self, states: Tensor, names: str) -> list[Tensor]:
        """Apply several of the projections (`"qkv"`, `"kv"`) in one product."""
        layers = [getattr(self, f"{name}_proj") for name in names]
        weight = torch.cat([layer.weight for layer in layers])
        bias = torch.cat([layer.bias for layer in layers])
        parts = functional.linear(states, weight, bias).chunk(len(names), -1)
        return [self.split(part) for part in parts]

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        """Attend and project; `mask` is added to the scores."""
        if query.is_cuda:
            states = functional.scaled_dot_product_attention(query, key, value, mask, is_causal=causal)
        else:  # on short sentences plain products are three times as fast there
            scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
            if causal:
                mask = torch.full(scores.shape[-2:], -1e4, dtype=scores.dtype).triu(1)
            states = (scores if mask is None else scores + mask).softmax(-1) @ value
        merged: Tensor = self.out_proj(states.transpose(1, 2).flatten(2))
        return merged


class Layer(nn.Module):
    """One encoder or decoder layer; each block is followed by its layer norm, kept in float32."""

    def __init__(self, shape: Shape, decoder: bool) -> None:
        super().__init__()
        self.dropout = shape.dropout
        self.self_attn = Attention(shape)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        if decoder:
            self.encoder_attn = Attention(shape)
            self.encoder_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.inner)
        self.fc2 = nn.Linear(shape.inner, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)

    def add(self, states: Tensor, branch: Tensor, norm: nn.LayerNorm) -> Tensor:
        """Add a block's output to what went into it, and normalise."""
        return _norm(norm, states + drop(branch, self.dropout, self.training))

    def attend(self, states: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        """Apply self-attention."""
        query, key, value = self.self_attn.project(states, "qkv")
        return self.add(states, self.self_attn(query, key, value, mask, causal), self.self_attn_layer_norm)

    def feed(self, states: Tensor) -> Tensor:
        """Apply the feed-forward block."""
        inner = functional.relu(self.fc1(states), inplace=True)
        return self.add(states, self.fc2(inner), self.final_layer_norm)


class Stack(nn.Module):
    """The layers of the encoder or the decoder."""

    def __init__(self, shape: Shape, decoder: bool) -> None:
        super().__init__()
        count = shape.decoder_layers if decoder else shape.encoder_layers
        self.layers = nn.ModuleList(Layer(shape, decoder) for _ in range(count))


class Translator(nn.Module):
    """Encoder and decoder over one shared embedding table."""

    def __init__(self, shape: Shape, outputs: Tensor | None = None) -> None:
        """Build the model; `outputs` are the tokens it can write, by default all but `<pad>`."""
        super().__init__()
        self.shape = shape
        outputs = torch.arange(shape.vocabulary - 1) if outputs is None else outputs
        self.register_buffer("outputs", outputs, persistent=False)
        places = torch.full((shape.vocabulary,), -1).index_put((outputs,), torch.arange(len(outputs)))
        self.register_buffer("output_places", places, persistent=False)
        self.shared = nn.Embedding(shape.vocabulary, shape.width)
        self.encoder = Stack(shape, decoder=False)
        self.decoder = Stack(shape, decoder=True)
        self.register_buffer("positions", sinusoids(shape.positions, shape.width), persistent=False)
        self._start()

    def _start(self) -> None:
        """Start near the identity: small residual branches, cross-attention that copies what it sees.

        With bilingual embeddings (`lexicon.bilingual_embeddings`) the untrained model is then close to a
        word-by-word translator, and needs to learn where to look rather than what words mean.
        """
        for name, weight in self.named_parameters():
            if name.endswith(("out_proj.weight", "fc2.weight")):
                nn.init.xavier_uniform_(weight, gain=0.4)
            elif weight.dim() == 2 and "shared" not in name:
                nn.init.xavier_uniform_(weight)
            elif name.endswith("bias"):
                nn.init.zeros_(weight)
        for layer in self.decoder.layers:
            nn.init.orthogonal_(layer.encoder_attn.v_proj.weight)
            layer.encoder_attn.out_proj.weight.data.copy_(layer.encoder_attn.v_proj.weight.data.T)
        nn.init.normal_(self.shared.weight, std=self.shape.width**-0.5)
        self.shared.weight.data[-1].zero_()

    @property
    def pad(self) -> int:
        """The id of `<pad>`: the last one."""
        return self.shape.vocabulary - 1

    def embed(self, tokens: Tensor) -> Tensor:
        """Embed tokens and their positions."""
        # `<pad>`, which the decoder starts from, has to stay zero: CTranslate2 takes it to be so.
        found = functional.embedding(tokens, self.shared.weight, padding_idx=self.pad)
        scaled = found * math.sqrt(self.shape.width)
        placed = scaled + self.positions[: tokens.shape[1]].to(scaled.dtype)
        return drop(placed, self.shape.dropout, self.training)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return the encoder states and the mask to add to attention scores over them."""
        states = self.embed(source)
        mask = torch.zeros(source.shape, dtype=states.dtype, device=source.device)
        mask = mask.masked_fill(source == self.pad, -1e4)[:, None, None, :]
        for layer in self.encoder.layers:
            states = layer.feed(layer.attend(states, mask, causal=False))
        return states, mask

    def decode(self, target: Tensor, memory: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the decoder states, and the queries and keys of the last layer's cross-attention.

        Args:
            target: shifted target tokens, starting with `<pad>`.
            memory: encoder states.
            mask: what `encode` returned.
        """
        states = self.embed(target)
        for layer in self.decoder.layers:
            states = layer.attend(states, None, causal=True)
            attention = layer.encoder_attn
            (query,), (key, value) = attention.project(states, "q"), attention.project(memory, "kv")
            found = attention(query, key, value, mask, causal=False)
            states = layer.add(states, found, layer.encoder_attn_layer_norm)
            states = layer.feed(states)
        return states, query, key

    def loss(
        self, source: Tensor, target: Tensor, smoothing: float, alignment: Tensor | None = None
    ) -> dict[str, Tensor]:
        """Compute the training losses of a batch, per target token.

        Args:
            source: padded source tokens ending in `</s>`.
            target: padded target tokens ending in `</s>`.
            smoothing: label smoothing.
            alignment: (batch, target length, source length) where each target token should look, each row
                summing to one, or to zero where nothing is known.

        Returns:
            `loss` (smoothed cross-entropy, differentiable), `nll` and, with an alignment, `guide`.
        """
        memory, mask = self.encode(source)
        shifted = torch.cat([torch.full_like(target[:, :1], self.pad), target[:, :-1]], 1)
        states, query, key = self.decode(shifted, memory, mask)
        real = target != self.pad
        labels = self.output_places[target[real]]
        loss, nll = SlicedCrossEntropy.apply(
            states[real], self.shared.weight[self.outputs], labels, smoothing
        )
        losses = {"loss": loss, "nll": nll}
        if alignment is not None:
            scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + mask
            attention = scores.float().softmax(-1).mean(1)
            losses["guide"] = -(alignment * attention.clamp_min(1e-6).log()).sum() / real.sum()
        return losses

    @torch.no_grad()
    def greedy(self, source: Tensor, longest: int) -> Tensor:
        """Translate a padded batch word by word, without beam or cache: enough to follow training."""
        memory, mask = self.encode(source)
        output = torch.full((len(source), 1), self.pad, device=source.device)
        done = torch.zeros(len(source), dtype=torch.bool, device=source.device)
        for _ in range(longest):
            states, _, _ = self.decode(output, memory, mask)
            chosen = self.outputs[(states[:, -1] @ self.shared.weight[self.outputs].T).argmax(-1)]
            chosen = chosen.masked_fill(done, EOS)
            output = torch.cat([output, chosen[:, None]], 1)
            done |= chosen == EOS
            if bool(done.all()):
                break
        return output[:, 1:]


class SlicedCrossEntropy(torch.autograd.Function):
    """Label-smoothed cross-entropy over a tied output layer, a slice of rows at a time.

    The gradient of softmax cross-entropy is `softmax - labels`, so it is formed in the forward pass, while
    the logits of a slice are at hand, and only its products with states and weights are kept.
    """

    SLICE = 1024
    SLICE_ON_GPU = 16384

    @staticmethod
    def forward(
        ctx: Any, states: Tensor, weight: Tensor, labels: Tensor, smoothing: float
    ) -> tuple[Tensor, Tensor]:
        """Return mean smoothed loss and mean negative log-likelihood."""
        rows, words = len(labels), len(weight)
        state_grad = torch.empty_like(states)
        weight_grad = torch.zeros(weight.shape, dtype=torch.float32, device=weight.device)
        total = states.new_zeros((), dtype=torch.float32)
        likelihood = states.new_zeros((), dtype=torch.float32)
        size = SlicedCrossEntropy.SLICE_ON_GPU if states.is_cuda else SlicedCrossEntropy.SLICE
        for start in range(0, rows, size):
            part = slice(start, start + size)
            log_p = (states[part] @ weight.T).float().log_softmax(-1)
            picked = log_p.gather(1, labels[part, None])
            likelihood -= picked.sum()
            total -= (1 - smoothing) * picked.sum() + smoothing / words * log_p.sum()
            grad = log_p.exp_().sub_(smoothing / words)
            grad.scatter_add_(1, labels[part, None], picked.new_full(picked.shape, smoothing - 1))
            grad = grad.div_(rows).to(states.dtype)
            state_grad[part] = grad @ weight
            weight_grad += grad.T @ states[part]
        ctx.save_for_backward(state_grad, weight_grad.to(weight.dtype))
        return total / rows, likelihood / rows

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        """Scale the stored gradients; the likelihood is only reported."""
        state_grad, weight_grad = ctx.saved_tensors
        return (
            state_grad * grads[0].to(state_grad.dtype),
            weight_grad * grads[0].to(weight_grad.dtype),
            None,
            None,
        )


def drop(states: Tensor, share: float, training: bool) -> Tensor:
    """Apply dropout, or nothing where there is none: the generator is slow on processors."""
    return functional.dropout(states, share, training) if share and training else states


def sinusoids(count: int, width: int) -> Tensor:
    """Marian's position table: sines in the first half of the vector, cosines in the second."""
    rates = 10000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(count, dtype=torch.float64)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1).float()


def _norm(layer: nn.LayerNorm, states: Tensor) -> Tensor:
    if states.is_cuda:
        normed = functional.layer_norm(
            states.float(), layer.normalized_shape, layer.weight, layer.bias, layer.eps
        )
        return normed.to(states.dtype)
    return functional.layer_norm(states, layer.normalized_shape, layer.weight, layer.bias, layer.eps)


def to_bfloat16(model: Translator) -> Translator:
    """Turn the products to bfloat16; layer norms and positions stay in float32."""
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            module.to(torch.bfloat16)
    return model
