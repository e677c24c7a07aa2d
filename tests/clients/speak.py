"""`python speak.py NAME BASE_URL`: one client library asks as its users do; prints what it was given as JSON.

Runs in the libraries' own environment: imports nothing of this project.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

QUESTION = "Why is the sky blue?"
MODEL = "gpt-4o-mini"


def openai_chat(url: str) -> Any:
    import openai

    client = openai.OpenAI(base_url=url, api_key="k", max_retries=0)
    asked: Any = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
    whole = client.chat.completions.create(**asked)
    stream = list(client.chat.completions.create(stream=True, stream_options={"include_usage": True}, **asked))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    return [openai.__version__, whole.choices[0].message.content, text, stream[-1].usage.total_tokens]


def litellm_chat(url: str) -> Any:
    import litellm

    asked: Any = {"model": f"openai/{MODEL}", "messages": [{"role": "user", "content": QUESTION}]}
    asked |= {"api_base": url, "api_key": "k", "num_retries": 0}
    whole = litellm.completion(**asked)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in litellm.completion(stream=True, **asked))
    return [whole.choices[0].message.content, text, whole.usage.total_tokens]


def langchain_chat(url: str) -> Any:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model=MODEL, base_url=url, api_key="k", max_retries=0)  # type: ignore[arg-type]
    whole = model.invoke(QUESTION)
    text = "".join(str(chunk.content) for chunk in model.stream(QUESTION))
    return [whole.content, text, whole.usage_metadata]


def langchain_embeddings(url: str) -> Any:
    from langchain_openai import OpenAIEmbeddings

    model = OpenAIEmbeddings(model="text-embedding-3-small", base_url=url, api_key="k",  # type: ignore[arg-type]
                             check_embedding_ctx_length=False)  # fmt: skip
    return model.embed_query(QUESTION)


def instructor_model(url: str) -> Any:
    import instructor
    import openai
    from pydantic import BaseModel

    class Explained(BaseModel):
        answer: str
        certainty: float

    client = instructor.from_openai(openai.OpenAI(base_url=url, api_key="k", max_retries=0))
    asked: Any = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
    return client.chat.completions.create(response_model=Explained, **asked).model_dump()


def agents_run(url: str) -> Any:
    return asyncio.run(_agents(url))


async def _agents(url: str) -> list[str]:
    import agents
    import openai

    agents.set_tracing_disabled(disabled=True)
    client = openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0)
    results = []
    for kind in (agents.OpenAIResponsesModel, agents.OpenAIChatCompletionsModel):
        agent = agents.Agent(name="a", instructions="Be brief.", model=kind(model=MODEL, openai_client=client))
        results.append(str((await agents.Runner.run(agent, QUESTION)).final_output))
    return results


def llama_index_chat(url: str) -> Any:
    os.environ["OPENAI_API_BASE"] = url
    from llama_index.llms.openai import OpenAI

    model = OpenAI(model=MODEL, api_key="k", max_retries=0)
    return [str(model.complete(QUESTION)), "".join(str(part.delta) for part in model.stream_complete(QUESTION))]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](sys.argv[2])))
