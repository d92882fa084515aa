"""Operators on conversations."""

from dataflow.operators.conversations.conversation2message import Conversation2Message

__all__ = ["Conversation2Message"]
