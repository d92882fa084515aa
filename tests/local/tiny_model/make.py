"""Makes a Qwen2.5-VL of 684,480 random parameters. Nothing is downloaded.

What it says is gibberish, but depends on text and picture, and greedy decoding is the same in every engine that runs it
in float32. Weights and tokenizer are the same from run to run.

    python -m tests.local.tiny_model.make FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

POSITIONS = 65_536
"""More than the 51,200 that the documented scripts ask for."""

WIDTH, VOCABULARY, SPREAD = 128, 512, 0.15
"""Weights are spread wider than the usual 0.02, or every picture would be answered alike."""

END, TURN, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
VISION_START, VISION_END, IMAGE, VIDEO = "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"
MARKS = [END, TURN, TURN_END, VISION_START, VISION_END, "<|vision_pad|>", IMAGE, VIDEO]

WORDS = [
    "You describe what is seen in a picture or a video, in one short sentence.",
    "Which question can be asked, and what is the answer? system user assistant caption",
    '{"qa": [{"question": "Which colour is the square?", "answer": "blue"}]}',
    "a an and are at in is of on the there this with no yes red green blue yellow 0123456789",
]

CHAT_TEMPLATE = (
    "{%- if messages[0].role != 'system' -%}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{%- endif -%}"
    "{%- for message in messages -%}<|im_start|>{{ message.role }}\n"
    "{%- if message.content is string -%}{{ message.content }}{%- else -%}"
    "{%- for part in message.content -%}"
    "{%- if part.type == 'text' -%}{{ part.text }}"
    "{%- elif part.type in ('image', 'image_url') -%}<|vision_start|><|image_pad|><|vision_end|>"
    "{%- elif part.type in ('video', 'video_url') -%}<|vision_start|><|video_pad|><|vision_end|>"
    "{%- endif -%}{%- endfor -%}{%- endif -%}<|im_end|>\n{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|im_start|>assistant\n{%- endif -%}"
)


def make_model(folder: Path, seed: int = 0) -> Path:
    """Write the model into a folder, as `save_pretrained` lays it.

    Args:
        folder: is made.
        seed: of the weights.
    """
    import torch
    from transformers import (
        GenerationConfig,
        Qwen2_5_VLForConditionalGeneration,
        Qwen2_5_VLProcessor,
        Qwen2VLImageProcessor,
    )
    from transformers.models.qwen2_vl.video_processing_qwen2_vl import Qwen2VLVideoProcessor

    tokenizer = _tokenizer()
    torch.manual_seed(seed)
    model = Qwen2_5_VLForConditionalGeneration(_config(tokenizer)).float().eval()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() > 1:
                weights.normal_(0, SPREAD)
    ends = tokenizer.convert_tokens_to_ids([TURN_END, END])
    model.generation_config = GenerationConfig(do_sample=False, eos_token_id=ends, pad_token_id=ends[1])
    model.save_pretrained(folder)
    area = {"size": {"shortest_edge": 4 * 28 * 28, "longest_edge": 64 * 28 * 28}}
    Qwen2_5_VLProcessor(
        image_processor=Qwen2VLImageProcessor(**area),
        tokenizer=tokenizer,
        video_processor=Qwen2VLVideoProcessor(**area, cap_pixels_per_frame=False),
        chat_template=CHAT_TEMPLATE,
    ).save_pretrained(folder)
    return folder


def _config(tokenizer: Any) -> Any:
    from transformers import Qwen2_5_VLConfig

    number_of = tokenizer.convert_tokens_to_ids
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": POSITIONS,
        "rms_norm_eps": 1e-6,
        "rope_parameters": {
            "rope_type": "default",
            "type": "mrope",
            "mrope_section": [8, 12, 12],
            "rope_theta": 1e6,
        },
        "bos_token_id": number_of(END),
        "eos_token_id": number_of(TURN_END),
        "pad_token_id": number_of(END),
    }
    vision = {
        "depth": 2,
        "hidden_size": WIDTH // 2,
        "intermediate_size": WIDTH,
        "num_heads": 2,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "window_size": 112,
        "fullatt_block_indexes": [1],
        "out_hidden_size": WIDTH,
    }
    return Qwen2_5_VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=number_of(IMAGE),
        video_token_id=number_of(VIDEO),
        vision_start_token_id=number_of(VISION_START),
        vision_end_token_id=number_of(VISION_END),
        tie_word_embeddings=False,
    )


def _tokenizer() -> Any:
    """Byte-level BPE on a few sentences; every byte is a token, so any text can be read and written."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import Qwen2TokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(MARKS),
        show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    bpe.train_from_iterator(WORDS, trainer)
    bpe.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in MARKS])
    return Qwen2TokenizerFast(
        tokenizer_object=bpe,
        eos_token=TURN_END,
        pad_token=END,
        unk_token=None,
        bos_token=None,
        additional_special_tokens=[mark for mark in MARKS if mark not in (END, TURN_END)],
        model_max_length=POSITIONS,
        padding_side="left",
    )


if __name__ == "__main__":
    print(make_model(Path(sys.argv[1])))
