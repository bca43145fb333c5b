# Asks Ruby which proxy it takes; the protocol is that of decide.py. Names resolve to what the case says.
require "json"
require "net/http"
require "uri"

class IPSocket
  class << self
    attr_accessor :answers
    def getaddress(host)
      return host if host =~ /\A[\d.]+\z/ || host.include?(":")
      answers.fetch(host.downcase) { raise SocketError, "no such name" }
    end
  end
end

$VERBOSE = nil  # Ruby discourages HTTP_PROXY in upper case once for every use
$stderr.reopen(File::NULL)
$stdin.each_line do |line|
  asked = JSON.parse(line)
  uri = URI.parse(asked["url"])
  IPSocket.answers = { "localhost" => "127.0.0.1" }
  first = (asked["resolved"] || []).first
  IPSocket.answers[uri.hostname.downcase] = first if first
  begin
    if asked["client"] == "ruby"
      ENV.replace(asked["env"])
      connection = Net::HTTP.new(uri.hostname, uri.port)
      proxy = connection.proxy? ? "http://#{connection.proxy_address}:#{connection.proxy_port}" : nil
    else
      proxy = uri.find_proxy(asked["env"])&.to_s
    end
    puts JSON.generate({ proxy: proxy })
  rescue StandardError => e
    puts JSON.generate({ error: e.inspect })
  end
end
