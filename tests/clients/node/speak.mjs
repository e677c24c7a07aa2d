// `node speak.mjs NAME BASE_URL`: one client library asks as its users do; prints what it was given as JSON.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";
import OpenAI from "openai";

const QUESTION = "Why is the sky blue?";
const MODEL = "gpt-4o-mini";

const speakers = {
  async openai(baseURL) {
    const client = new OpenAI({ baseURL, apiKey: "k", maxRetries: 0 });
    const asked = { model: MODEL, messages: [{ role: "user", content: QUESTION }] };
    const whole = await client.chat.completions.create(asked);
    let text = "";
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
      text += chunk.choices[0]?.delta?.content ?? "";
    }
    const response = await client.responses.create({ model: MODEL, input: QUESTION });
    return [whole.choices[0].message.content, text, response.output_text, whole.usage.total_tokens];
  },
  async ai(baseURL) {
    const provider = createOpenAI({ baseURL, apiKey: "k" });
    const results = [];
    for (const model of [provider.chat(MODEL), provider.responses(MODEL)]) {
      const { text } = await generateText({ model, prompt: QUESTION, maxRetries: 0 });
      let streamed = "";
      for await (const part of streamText({ model, prompt: QUESTION, maxRetries: 0 }).textStream) streamed += part;
      results.push(text, streamed);
    }
    return results;
  },
};

const [name, baseURL] = process.argv.slice(2);
console.log(JSON.stringify(await speakers[name](baseURL)));
