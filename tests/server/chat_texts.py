"""What a chat model prints that is no answer: it declines, sees nothing, chats, thinks aloud, leaks its tokens.

Worded after what users of such models report; every phrase is one that a test can look for in a dataset.
"""

from __future__ import annotations

REFUSALS = (
    "I'm sorry, but I can't help with that.",
    "I’m sorry, but I can’t assist with that request.",
    "I'm sorry, I cannot identify the people in this picture.",
    "I am unable to provide a description of this content.",
    "I can't help with identifying or describing what is going on here.",
    "I cannot fulfill this request because it may violate our content policy.",
    "I apologize, but I'm not able to describe this one.",
    "Unfortunately, I'm not able to assist with this.",
    "I must decline to describe this, as it may contain sensitive content.",
    "As an AI language model, I cannot describe images of this kind.",
    "I won't be able to write question-answer pairs about this image.",
    "Sorry, I can't assist with that. If you have another image, feel free to share it.",
    "I'm not comfortable describing this content.",
    "很抱歉，我无法协助完成这个请求。",
    "对不起，我不能描述这张图片的内容。",
    "作为一个人工智能助手，我无法提供此类内容的描述。",
    "申し訳ありませんが、このリクエストにはお応えできません。",
    "申し訳ございませんが、この画像の内容を説明することはできません。",
    "죄송하지만 이 요청은 도와드릴 수 없습니다.",
    "죄송합니다. 이 이미지를 설명해 드릴 수 없습니다.",
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "Leider kann ich dieses Bild nicht beschreiben.",
    "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
    "Désolé, je ne peux pas décrire cette image.",
    "Lo siento, pero no puedo ayudar con esa solicitud.",
    "Lo siento, no puedo describir esta imagen.",
    "Desculpe, mas não posso ajudar com esse pedido.",
    "Mi dispiace, ma non posso aiutarti con questa richiesta.",
    "Извините, но я не могу помочь с этим запросом.",
    "К сожалению, я не могу описать это изображение.",
)

BLIND = (
    "I don't see any image attached to your message. Could you please upload it?",
    "It seems that no image was provided. Please share the image you would like me to describe.",
    "I'm unable to view images or videos directly.",
    "I'm sorry, but I cannot see any video in our conversation.",
    "As a text-based AI, I can't view the frames you mention.",
    "我没有看到您上传的图片，请重新上传。",
    "画像が添付されていないようです。もう一度お送りください。",
    "Ich kann kein Bild sehen. Bitte laden Sie es hoch.",
    "Je ne vois aucune image dans votre message.",
    "No puedo ver ninguna imagen en tu mensaje.",
)

BEFORE_REFUSAL = (
    "Thank you for sharing this image!",
    "Thanks for your question.",
    "Sure, I'd be happy to help!",
    "Great question!",
    "感谢您的分享！",
    "Danke für das Bild!",
)

BEFORE = (
    "Sure! Here's what I found:",
    "Certainly! Here is a detailed description of the image:",
    "Of course! Here you go:",
    "Here's a description of the video:",
    "Here are the question-answer pairs you asked for:",
    "Absolutely! Based on the image, here is my answer:",
    "当然！以下是我的回答：",
    "好的，以下是描述：",
    "もちろんです。以下が回答です：",
    "물론입니다! 다음은 답변입니다:",
    "Natürlich! Hier ist die Beschreibung:",
    "Bien sûr ! Voici la description :",
    "¡Claro! Aquí tienes la descripción:",
    "Claro! Aqui está a descrição:",
    "Certo! Ecco la descrizione:",
    "Конечно! Вот описание:",
    "Sure thing! Here you go:",
    "Okay, here's what the image shows:",
    "Thank you for sharing this image. Here is my description:",
    "I'd be happy to help! Here's the description:",
    "Here is a one-paragraph description of the video, following the order of events:",
    "Of course. The answer is as follows:",
    "Let's take a closer look at the image.",
    "以下是对图片的描述：",
    "画像の説明は以下の通りです：",
    "다음은 이미지에 대한 설명입니다:",
    "Hier ist eine Beschreibung des Bildes:",
    "Voici une description détaillée de l'image :",
    "Aquí está la descripción del video:",
    "Hier is een beschrijving van de video:",
)

AFTER = (
    "Let me know if you'd like more details!",
    "Let me know if you need anything else.",
    "I hope this helps!",
    "Would you like me to go into more detail?",
    "Feel free to ask if you have any other questions!",
    "If you need further assistance, just ask.",
    "如果您需要更多信息，请随时告诉我！",
    "希望这对您有帮助！",
    "他にご質問があれば、お気軽にどうぞ。",
    "도움이 되었기를 바랍니다!",
    "Ich hoffe, das hilft!",
    "Lassen Sie mich wissen, wenn Sie weitere Fragen haben.",
    "N'hésitez pas à me demander plus de détails !",
    "Espero que esto te ayude.",
    "Spero che questo ti sia utile!",
    "Надеюсь, это поможет!",
    "Is there anything else you'd like to know?",
    "Hope this helps! 😊",
    "(Note: This description is based on the provided frames.)",
    "If you'd like, I can provide a more detailed analysis.",
    "That's all!",
    "Wenn Sie möchten, kann ich das Bild genauer beschreiben.",
    "Souhaitez-vous plus de détails ?",
    "Si quieres, puedo dar más detalles.",
    "Se quiser, posso detalhar mais.",
    "Если хотите, могу описать подробнее.",
    "もっと詳しい説明が必要でしたらお知らせください。",
    "Laat het me weten als je meer wilt weten!",
)

REASONING = (
    "The user wants me to look at what is shown. I should mention the colours and the plate.",
    "Okay, let me look closely first. There is something in the middle. I need to be exact about it.",
    "好的，用户想要我描述画面。我先看一下主要的物体。",
)
"""Thinking aloud: a second voice that no dataset wants."""

THOUGHT_ALONE = (
    "Okay, the user wants me to describe this. Let me look at it closely. There seems to be an object in the middle. I "
    "should mention its colour first, then the place. Wait, the user asked for an exact answer, so let me check again.",
    "The user is asking me to write about this. I need to look at the details. Let me think about what to say first. I "
    "should keep it short. Let me now write the final answer.",
    "Got it, let's tackle this. First, I need to describe what the user sees. Let me start by listing the objects. "
    "Hmm, I have to make sure that the answer follows the format the user wants.",
)
"""Reasoning that lost its tags and came to no answer: it is no answer."""

WRAPPINGS = (
    "{answer}<|im_end|>",
    "{answer}<|im_end|>\n",
    "{answer}</s>",
    "{answer}<|endoftext|>",
    "{answer}<|eot_id|>",
    "{answer}<end_of_turn>",
    "<|im_start|>assistant\n{answer}<|im_end|>",
    "<|begin_of_box|>{answer}<|end_of_box|>",
    "<|channel|>analysis<|message|>{reasoning}<|end|><|start|>assistant<|channel|>final<|message|>{answer}<|return|>",
    "<|channel|>analysis<|message|>{reasoning}<|end|><|start|>assistant<|channel|>final<|message|>{answer}",
    "<|channel>thought\n{reasoning}\n<channel|>{answer}",
    "<think>\n{reasoning}\n</think>\n\n{answer}",
    "<think>\n\n</think>\n\n{answer}",
    "{reasoning}\n</think>\n\n{answer}",
    "<think>{reasoning}</think><|begin_of_box|>{answer}<|end_of_box|>",
    "analysis{reasoning}assistantfinal{answer}",
    "{answer}<｜end▁of▁sentence｜>",
    "<s>{answer}</s>",
    "{answer}<extra_id_0>",
    "{answer}\n### Human:",
    "ASSISTANT: {answer}",
    "<answer>{answer}</answer>",
)
"""Tokens and reasoning around an answer, as templates of servers and parsers that do not fit leave them there."""

LEAKS = (
    *("<|", "|>", "</s>", "<end_of_turn>", "<channel|>", "think>"),
    *("assistantfinal", "<start_of_turn>", "<｜", "<s>", "<extra_id", "### Human", "ASSISTANT:", "answer>"),
)
"""What no text of a dataset may hold: pieces of the tokens above."""

PLANTED = (*REFUSALS, *BLIND, *BEFORE_REFUSAL, *BEFORE, *AFTER, *REASONING, *THOUGHT_ALONE, *LEAKS)
"""All that this endpoint says beside its answers; a test looks for each of them in a dataset."""
