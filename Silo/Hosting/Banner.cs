using System.Globalization;

namespace Svom.Hosting;

/// <summary>What a person sees at the start: every address, the data folder, how to log in.</summary>
internal static class Banner
{
    public static void Print(RunningPlatform platform)
    {
        var http = platform.Http;
        var mqtt = platform.MqttPort == 0 ? "in another process of the cluster" : string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{platform.MqttPort}   topics svom/v1/#");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Svom.Orleans is ready after {platform.StartedIn.TotalSeconds:0.0} s

              REST, docs      {http}/        {http}/docs
              OpenAPI         {http}/openapi/v1.json
              Dashboard       {http}/dashboard
              Health          {http}/health/ready
              gRPC            127.0.0.1:{platform.GrpcPort}   HTTP/2 without TLS; reflection, health, {http}/protos.zip
              MQTT 3.1.1, 5   {mqtt}
              Data            {platform.DataFolder}
              Log in          {http}/login#token={platform.Token.Text}
                              (the token is kept in {platform.Token.FilePath})

            Ctrl-C stops it; what was answered is durable.
            """));
    }
}
