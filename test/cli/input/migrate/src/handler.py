DONE = "com.twilio.voice.webhook.status-callback.call.completed"

def handle(event):
    if event["type"].startswith("com.twilio.voice.webhook.status-callback."):
        print("São Paulo:", event["data"]["sid"])
    return event["type"] == DONE
