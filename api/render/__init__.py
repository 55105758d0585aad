"""How answers look to people: blocks of content, and how they are written as text, Markdown and HTML."""
