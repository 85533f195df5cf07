<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="hi">
  <context>
    <name>Task</name>
    <message>
      <source>Photos</source>
      <translation>तस्वीरें</translation>
    </message>
    <message>
      <source>photo</source>
      <translation>तस्वीर</translation>
    </message>
    <message>
      <source>photos</source>
      <translation>तस्वीरें</translation>
    </message>
    <message>
      <source>Drop noisy photos here and get clean ones back.</source>
      <translation>शोर वाली तस्वीरें यहाँ छोड़ें और साफ़ तस्वीरें पाएँ।</translation>
    </message>
    <message>
      <source>Noise found</source>
      <translation>मिला शोर</translation>
    </message>
    <message>
      <source>Removed</source>
      <translation>हटाया गया</translation>
    </message>
    <message>
      <source>none</source>
      <translation>नहीं</translation>
    </message>
    <message>
      <source>slight</source>
      <translation>हल्का</translation>
    </message>
    <message>
      <source>moderate</source>
      <translation>मध्यम</translation>
    </message>
    <message>
      <source>strong</source>
      <translation>तेज़</translation>
    </message>
    <message>
      <source>very strong</source>
      <translation>बहुत तेज़</translation>
    </message>
    <message>
      <source>slight, colour</source>
      <translation>हल्का, रंगीन</translation>
    </message>
    <message>
      <source>moderate, colour</source>
      <translation>मध्यम, रंगीन</translation>
    </message>
    <message>
      <source>strong, colour</source>
      <translation>तेज़, रंगीन</translation>
    </message>
    <message>
      <source>very strong, colour</source>
      <translation>बहुत तेज़, रंगीन</translation>
    </message>
  </context>
</TS>
