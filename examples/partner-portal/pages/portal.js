// All that the page itself does: tells the elements how to get a token. Our server knows who is logged in.
const fetchToken = async () => {
  const answer = await fetch("/latchkey-token", { method: "POST" });
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  return answer.json();
};
for (const element of document.querySelectorAll("latchkey-dashboard, latchkey-buckets")) element.fetchToken = fetchToken;
