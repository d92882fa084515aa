"""The OpenAI chat completions protocol: what a request looks like on the wire, and what an answer means."""
